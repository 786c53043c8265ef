internal import Foundation
public import Postgres
public import Territory

/// Sessions: the live table that accounting writes, and the history behind it.
public struct SessionStore: Sendable {
    /// Sessions of one write or load at most; larger batches gain nothing and hold their locks longer.
    public static let largestBatch = 5_000

    let client: PostgresClient
    let settings: [Setting]

    /// For a daemon that serves every organisation, or the portal acting for one.
    public init(_ client: PostgresClient, of organisation: OrganisationID? = nil) {
        self.client = client
        settings = organisation.map { [.organisation($0)] } ?? []
    }

    /// The threads of the connections that sessions are written over. At least one.
    public var writeThreads: [WriteThread] { client.writeExecutors.map(WriteThread.init) }

    /// What became of a batch.
    public struct Outcome: Sendable, Hashable {
        /// Sessions that another writer had changed, or that were named twice: nothing of theirs was written. Load them
        /// again and apply their records to what is there now.
        public let conflicts: Set<SessionReference>
    }

    /// Writes a batch and its usage in one statement, and returns when it is durable. All of it that does not conflict
    /// is written, or nothing and an error is thrown.
    ///
    /// Safe to call again with the same batch after any error, `unknownOutcome` included: see ``SessionBatch``. Throws
    /// `PostgresError`; `.contended` when a session that was to come back from the history is live after all, which a
    /// fresh load will show.
    public func write(_ writes: [SessionWrite]) async throws -> Outcome {
        guard !writes.isEmpty else { return Outcome(conflicts: []) }
        guard writes.count <= Self.largestBatch else { throw StoreError(.invalid, "sessions at once: \(writes.count)") }
        let batch = SessionBatch(writes)
        let rows = try await run(batch.statement)
        var conflicts = batch.repeated
        for row in rows {
            if let reference = batch.references[try row.decode(UUID.self, column: 0)] { conflicts.insert(reference) }
        }
        return Outcome(conflicts: conflicts)
    }

    /// Sessions locked in different orders by two statements that were batched with others: one of them is told to try
    /// again. Three attempts, for the other one is done by then.
    private func run(_ statement: SQL) async throws -> Rows {
        for attempt in 1... {
            do {
                return try await client.write(statement, settings: settings, repeatable: true)
            } catch {
                switch error.sqlState {
                case SQLState.deadlockDetected where attempt < 3, SQLState.serializationFailure where attempt < 3:
                    continue
                case SQLState.uniqueViolation: throw StoreError(.contended, "a session of the history is live")
                default: throw error
                }
            }
        }
        throw StoreError(.contended, "sessions")
    }
}
