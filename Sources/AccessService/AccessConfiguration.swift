internal import Foundation
internal import Store
internal import Territory

/// What an installation may set of the access daemon. Every bound has a default that works.
public struct AccessConfiguration: Sendable {
    /// Numeric addresses to listen on. The wildcards of both families by default.
    public var addresses: [String] = ["0.0.0.0", "::"]
    /// UDP port for authentication; 0 lets the kernel choose.
    public var authenticationPort: UInt16 = 1812
    /// UDP port for accounting; 0 lets the kernel choose.
    public var accountingPort: UInt16 = 1813
    /// RADIUS over TLS, on the same addresses; nil: not served.
    public var radSec: RadSecConfiguration?
    /// Packet threads; nil: one per core.
    public var packetThreads: Int?
    /// Requests a packet thread remembers for RFC 5080, about 400 bytes each once used.
    public var duplicateCapacity = 32_768

    /// Logins kept in memory, about 700 bytes each. Those that nobody has asked for lately go first.
    public var loginCapacity = 250_000
    /// How long a login is served from memory while the change feed is up. What the feed does not tell (usage, live
    /// sessions counted by other nodes) is at most this old.
    public var loginLifetime: Duration = .seconds(30)
    /// The same while the change feed is down.
    public var loginLifetimeWithoutFeed: Duration = .seconds(5)
    /// How long known logins keep working while PostgreSQL is away (survival mode).
    public var survivalLimit: Duration = .seconds(4 * 3600)
    /// Requests that may wait for a look-up; what comes then is dropped and the NAS sends again.
    public var lookupCapacity = 20_000

    /// Threads that verify slow password hashes; nil: half the cores, at least one.
    public var passwordThreads: Int?
    /// Password checks that may wait.
    public var passwordCapacity = 256
    /// How long a password found right is remembered under its keyed digest.
    public var passwordMemory: Duration = .seconds(600)

    /// Accounting records that may wait for the batch in flight.
    public var accountingCapacity = 50_000
    /// Batches in flight at once, each of its share of the sessions. More than the store's write connections gain nothing.
    public var accountingWriters = 2
    /// How soon after a batch begins the next of the same share may. What a batch costs whatever its size is several records'
    /// worth; at most this much later a record is answered.
    public var accountingPace: Duration = .microseconds(500)
    /// Records per batch at most.
    public var accountingBatch = 512
    /// Session rows kept in memory so that an interim needs no read, about 800 bytes each.
    public var sessionCapacity = 50_000
    /// Logins whose owner is remembered for accounting without our Class, about 120 bytes each.
    public var subjectCapacity = 100_000
    /// A batch that PostgreSQL has not stored after this goes to the spool.
    public var storeTimeout: Duration = .seconds(2)
    /// Directory of the spool, made if missing; nil: none, and accounting is not answered while PostgreSQL is away.
    public var spoolDirectory: String?
    /// Bytes the spool may hold.
    public var spoolBytes = 1 << 30

    /// A session is closed when nothing has been heard of it for this, or four of its interim intervals if longer.
    public var staleAfter: Duration = .seconds(3600)
    /// How often stale sessions are looked for.
    public var maintenanceInterval: Duration = .seconds(60)
    /// How long a closed session stays among the live ones, where a late record can still reopen it.
    public var closedSessionsKept: Duration = .seconds(3600)
    /// How long a shutdown waits for what has been received to be answered.
    public var drainTimeout: Duration = .seconds(5)
    /// What this node is called in the authentication log.
    public var nodeName = ProcessInfo.processInfo.hostName
    /// Identical refusals within this of the first are one event of the log, with a count; zero: each is one.
    public var logRepeatWindow: Duration = .seconds(10)
    /// Days that the authentication log is kept, at least 8.
    public var logKeptDays = AuthenticationLog.defaultKeptDays
    /// The retransmissions of Disconnect and CoA, RFC 5080 §2.2.1.
    public var authorizationRetransmission = RetransmissionParameters()
    /// Where trusted systems may have sessions ended and changed (RFC 5176); nil: nowhere.
    public var authorizationListening: AuthorizationListening?
    /// How often commands are looked for that fall due: a retry, a session that should have ended by now.
    public var commandInterval: Duration = .seconds(2)
    /// How often the quotas of those whose usage has grown are looked at.
    public var rightsInterval: Duration = .seconds(1)

    /// EAP; nil: off, and requests with EAP-Message are rejected.
    public var eap: EAPConfiguration?
    /// Logins whose home is elsewhere; nil: there are none.
    public var proxy: ProxyConfiguration?

    /// The defaults.
    public init() {}

    /// All faults, each with its key; empty: none.
    public func validate() -> [String] {
        var faults: [String] = []
        if addresses.isEmpty { faults.append("addresses: at least one is needed") }
        for address in addresses where PeerAddress(text: address, port: 0) == nil {
            faults.append("addresses: \(address) is not a numeric IPv4 or IPv6 address")
        }
        if let listening = authorizationListening {
            if PeerAddress(text: listening.address, port: 0) == nil {
                faults.append("authorizationListening: \(listening.address) is not a numeric IPv4 or IPv6 address")
            }
            if listening.systems.isEmpty { faults.append("authorizationListening: nobody may ask there") }
            if listening.systems.contains(where: \.secret.bytes.isEmpty) {
                faults.append("authorizationListening: a trusted system has an empty secret")
            }
        }
        if authenticationPort == accountingPort, authenticationPort != 0 {
            faults.append("accountingPort: is the authentication port too")
        }
        let positive = [
            ("duplicateCapacity", duplicateCapacity), ("loginCapacity", loginCapacity),
            ("lookupCapacity", lookupCapacity), ("passwordCapacity", passwordCapacity),
            ("accountingCapacity", accountingCapacity), ("accountingBatch", accountingBatch),
            ("accountingWriters", accountingWriters), ("sessionCapacity", sessionCapacity),
            ("subjectCapacity", subjectCapacity), ("spoolBytes", spoolBytes),
        ]
        for (key, value) in positive where value < 1 { faults.append("\(key): must be at least 1") }
        if logKeptDays < 8 { faults.append("logKeptDays: must be at least 8") }
        if loginLifetimeWithoutFeed > .seconds(5) {
            faults.append("loginLifetimeWithoutFeed: a revoked right may outlive the feed by 5 seconds at most")
        }
        if let eap { faults += eap.validate() }
        if let radSec { faults += radSec.validate() }
        return faults + (proxy?.validate() ?? [])
    }
}
