/// How a client reaches its server and what it bounds.
public struct PostgresConfiguration: Sendable {
    /// A connection string or URI (PostgreSQL manual, 34.1.1): `host=a,b port=5432 dbname=socle user=socle_access`.
    /// Several hosts are tried in order; `target_session_attrs=read-write` finds the primary among them.
    public var conninfo: String
    /// What `pg_stat_activity` shows.
    public var applicationName: String
    /// Connections, and threads, for reads. At least 1.
    public var connections: Int
    /// Connections for writes outside transactions. At least 1. More than one gives up their order.
    public var writeConnections = 1
    /// Connections for transactions, COPY and migrations: how many may be open at once. At least 1.
    public var transactionConnections = 4
    /// Calls of each kind that may wait; beyond it they are refused with `queueFull`.
    public var maximumWaiting = 10_000
    /// Statements in one batch. At most 1024.
    public var batchLimit = 128
    /// Prepared statements kept per connection; at least twice the batch limit.
    public var preparedStatements = 512
    /// One attempt to connect to one host.
    public var connectTimeout: Duration = .seconds(5)
    /// One statement at the server; it ends with `timeout`. Zero: none.
    public var statementTimeout: Duration = .seconds(10)
    /// One call from being made to being answered, through queue, reconnects and repetitions.
    public var callTimeout: Duration = .seconds(15)
    /// With no connection at all for so long, calls fail at once instead of waiting for theirs. Nil: they wait.
    public var outageTolerance: Duration?
    /// A transaction whose body says nothing for so long is ended by the server.
    public var idleTransactionTimeout: Duration = .seconds(60)
    /// Whether `run()` connects at once, or each connection when it is first needed (for commands).
    public var connectsEagerly = true
    /// How long `run()` goes on after it was cancelled, for calls already made.
    public var shutdownGrace: Duration = .seconds(5)

    /// A configuration with the defaults above. `conninfo` may be empty: then libpq's environment variables decide.
    public init(conninfo: String, applicationName: String = "socle", connections: Int = 1) {
        self.conninfo = conninfo
        self.applicationName = applicationName
        self.connections = connections
    }

    enum Role { case reads, writes, sessions }

    func connector(_ role: Role) throws(PostgresError) -> Connector {
        let target = try ConnectionTarget(
            conninfo: conninfo,
            overrides: ["application_name": applicationName, "client_encoding": "UTF8"],
            defaults: [
                "keepalives_idle": "15", "keepalives_interval": "5", "keepalives_count": "3",
                "tcp_user_timeout": "15000",
            ])
        var greeting = "SET statement_timeout = \(statementTimeout.wholeMilliseconds);"
        greeting += "SET idle_in_transaction_session_timeout = \(idleTransactionTimeout.wholeMilliseconds);"
        // The same few statements run for ever, and their parameters are arrays whose lengths would make the planner plan
        // a large one anew each time: half of the time of a small batch. They are written so that one plan suits all.
        if role != .sessions { greeting += "SET plan_cache_mode = force_generic_plan;" }
        // A write on the read lane would be sent twice after a lost connection: the server refuses it instead.
        if role == .reads { greeting += "SET default_transaction_read_only = on;" }
        return Connector(target: target, timeout: connectTimeout, greeting: greeting)
    }

    var linkSettings: LinkSettings {
        let batch = min(max(batchLimit, 1), 1024)
        return LinkSettings(
            timeout: callTimeout,
            silenceLimit: statementTimeout == .zero ? nil : statementTimeout + .seconds(5),
            cacheCapacity: max(preparedStatements, 2 * batch), batchLimit: batch)
    }
}

extension Duration {
    var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
