/// The limits of what runs over one connection.
struct LinkSettings: Sendable {
    /// One statement of a session, from being asked to being answered.
    var timeout: Duration
    /// Without any byte from the server for so long during a batch, the connection is taken for dead. Nil: for ever.
    var silenceLimit: Duration?
    /// Prepared statements kept on the connection.
    var cacheCapacity: Int
    /// Statements in one batch.
    var batchLimit: Int
}
