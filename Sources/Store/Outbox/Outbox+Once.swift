public import Foundation
internal import Postgres
public import Territory

/// A session whose right has ended or changed, and what is to be done about it.
public struct SessionEnding: Sendable, Hashable {
    /// The session.
    public let session: SessionRow
    /// `disconnect` or `coa`.
    public let kind: OutboxCommand.Kind
    /// Why, such as `expired`.
    public let reason: String
    /// For `coa` the allowance to apply, by name.
    public let attributes: [String: String]

    /// What is to be done.
    public init(
        _ session: SessionRow, _ kind: OutboxCommand.Kind, reason: String, attributes: [String: String] = [:]
    ) {
        (self.session, self.kind, self.reason, self.attributes) = (session, kind, reason, attributes)
    }
}

extension Outbox {
    /// How long a session is left alone after a command that did not end it.
    public static let patience: TimeInterval = 900

    /// Leaves commands that any number of nodes find necessary at once, each once: not while one is under way for the
    /// session, not within ``patience`` of one, not for a session that has not been heard of since one ended it, and not a
    /// change that was made already. Returns how many were left. Safe to repeat.
    @discardableResult
    public func leaveOnce(_ endings: [SessionEnding], now: Date) async throws -> Int {
        guard !endings.isEmpty else { return 0 }
        let attributes = try endings.map { ending in
            String(decoding: try JSONEncoder().encode(ending.attributes), as: UTF8.self)
        }
        let sessions = endings.map(\.session)
        return try await client.write(
            """
            INSERT INTO access.outbox (organisation_id, command, nas_id, session_id, attributes, reason)
            SELECT n.organisation_id, n.command, n.nas_id, n.session_id, n.attributes::jsonb, n.reason
            FROM unnest(\(sessions.map(\.organisationID)), \(endings.map(\.kind.rawValue)), \(sessions.map(\.nasID)),
                \(sessions.map(\.sessionID)), \(attributes), \(endings.map(\.reason)), \(sessions.map(\.receivedAt)))
                AS n(organisation_id, command, nas_id, session_id, attributes, reason, heard_at)
            WHERE EXISTS (SELECT FROM territory.nas AS t WHERE t.id = n.nas_id)
                AND NOT EXISTS (SELECT FROM access.outbox AS o WHERE o.session_id = n.session_id AND (
                    (o.done_at IS NULL AND (o.command = 'disconnect' OR o.reason = n.reason))
                    OR (o.command = 'coa' AND o.reason = n.reason AND o.outcome = 'ack')
                    OR (o.command = 'disconnect' OR o.reason = n.reason)
                        AND o.done_at > \(now.addingTimeInterval(-Self.patience))
                    OR (o.outcome IN ('stopped', 'silent') AND n.heard_at <= o.done_at)))
            ON CONFLICT DO NOTHING
            """, repeatable: true
        ).affected
    }

    /// When the oldest command was left that is under way; nil: none is.
    public func oldestUnfinished() async throws -> Date? {
        try await client.query("SELECT min(created_at) FROM access.outbox WHERE done_at IS NULL").first?
            .decode(Date?.self, column: 0)
    }
}
