/// What a client has done so far and is doing now.
public struct PostgresStatistics: Sendable {
    /// Reads.
    public let reads: LaneStatistics
    /// Writes outside transactions.
    public let writes: LaneStatistics
    /// Transactions; one that is open counts as in flight.
    public let transactions: LaneStatistics

    /// Whether each kind of work has at least one connection.
    public var isConnected: Bool {
        reads.connected > 0 && writes.connected > 0 && transactions.connected > 0
    }
    /// Calls that wait for a connection.
    public var waiting: Int { reads.waiting + writes.waiting + transactions.waiting }
    /// Connections made after the first of each.
    public var reconnects: Int { reads.reconnects + writes.reconnects + transactions.reconnects }
}

/// The statistics of one kind of work.
public struct LaneStatistics: Sendable {
    /// Connections that are up.
    public let connected: Int
    /// Calls that wait for a connection.
    public let waiting: Int
    let counters: LaneCounters

    /// Calls sent and not answered. A caller is answered just before its batch is counted as completed.
    public var inFlight: Int { counters.inFlight }
    /// Calls answered, well or badly.
    public var completed: Int { counters.completed }
    /// Calls refused because too many were waiting.
    public var refused: Int { counters.refused }
    /// Calls whose time ran out while they waited.
    public var expired: Int { counters.expired }
    /// Calls sent again after a lost connection.
    public var resent: Int { counters.resent }
    /// Batches sent; `completed / batches` is how well calls share them.
    public var batches: Int { counters.batches }
    /// Attempts to connect that failed.
    public var failedConnects: Int { counters.failedConnects }
    /// Connections made after the first ones.
    public var reconnects: Int { max(0, counters.connects - counters.threads) }
}

/// Counters of one lane.
struct LaneCounters: Sendable {
    var inFlight = 0
    var completed = 0
    var refused = 0
    var expired = 0
    var resent = 0
    var batches = 0
    var connects = 0
    var failedConnects = 0
    /// Threads that serve the lane.
    var threads = 0
}
