/// The spool and whether accounting goes through it now. Once active it stays so until all of it has been stored: new
/// records go behind the old ones, so that the records of one session keep their order.
final class Spooling: Sendable {
    private let spool: Spool
    private let active: SpoolFlag
    /// Rings when there is something to drain.
    private let arrivals = BatchInbox<Void>(capacity: 1)

    /// Active at once if an earlier run left records.
    init(_ spool: Spool) async {
        self.spool = spool
        let isEmpty = await spool.status.isEmpty
        active = SpoolFlag(!isEmpty)
        if !isEmpty { _ = arrivals.append(()) }
    }

    var isActive: Bool { active.isSet }

    /// What waits.
    var status: Spool.Status {
        get async { await spool.status }
    }

    /// Appends behind what waits; false if the spool has become inactive meanwhile and the store is to be used.
    func append(_ payloads: [[UInt8]]) async throws -> Bool {
        try await spool.appendIfActive(payloads, active)
    }

    /// Appends and makes the spool active, which starts the drainer.
    func activate(with payloads: [[UInt8]]) async throws {
        try await spool.append(payloads)
        active.isSet = true
        _ = arrivals.append(())
    }

    /// Waits until there is something to drain; false: closed.
    func waitForWork() async -> Bool { !(await arrivals.next()).isEmpty }

    /// Ends `waitForWork`.
    func close() { arrivals.close() }

    func oldest(limit: Int) async throws -> Spool.Batch? { try await spool.oldest(limit: limit) }

    func consume(_ batch: Spool.Batch) async throws { try await spool.consume(batch) }

    /// Makes the spool inactive if nothing waits in it.
    func deactivateIfEmpty() async -> Bool { await spool.deactivateIfEmpty(active) }
}
