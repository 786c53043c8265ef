public import Foundation
internal import Postgres
public import Territory

/// One session with what was done to end or change it, for people. Reads only.
public struct SessionInspection: Sendable, Hashable {
    /// The session, live or in the history.
    public let session: SessionRow
    /// Whether it has moved to the history.
    public let isPast: Bool
    /// What was attempted, the earliest first.
    public let attempts: [SessionAttempt]
    /// Commands that are under way or ended within a day, the earliest first.
    public let commands: [Command]

    /// A command about the session.
    public struct Command: Sendable, Hashable {
        /// What is to be done.
        public let kind: OutboxCommand.Kind
        /// Why; nil: somebody asked.
        public let reason: String?
        /// When it was left.
        public let createdAt: Date
        /// When it ended; nil: it is under way.
        public let doneAt: Date?
        /// What became of it last.
        public let outcome: String?
    }
}

extension SessionStore {
    /// A session by its id; nil: there is none. For the owner: reads the whole live table.
    public func inspect(_ id: UUID) async throws -> SessionInspection? {
        let rows = try await client.query(
            """
            SELECT \(SQL.sessionColumns), false FROM access.live_session AS s WHERE s.session_id = \(id)
            UNION ALL SELECT \(SQL.sessionColumns), true FROM access.session AS s WHERE s.session_id = \(id) LIMIT 1
            """, settings: settings)
        guard let row = rows.first else { return nil }
        var columns = ColumnReader(row)
        let session = try columns.nextSession()
        let isPast = try columns.next(Bool.self)
        let commands = try await client.query(
            """
            SELECT command, reason, created_at, done_at, outcome FROM access.outbox
            WHERE session_id = \(id) ORDER BY id
            """, settings: settings
        ).map { row in
            var columns = ColumnReader(row)
            return SessionInspection.Command(
                kind: try columns.nextCase(), reason: try columns.next(), createdAt: try columns.next(),
                doneAt: try columns.next(), outcome: try columns.next())
        }
        return SessionInspection(
            session: session, isPast: isPast, attempts: try await Outbox(client).attempts(of: id), commands: commands)
    }
}
