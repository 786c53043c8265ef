public import Foundation
public import Postgres
public import Territory

/// Commands that daemons leave for the access daemon. A claim is a lease: a node that dies with a command loses it to
/// another when the lease ends, so a command is done at least once.
///
/// A command that ends a session is done when accounting says so: see ``CommandStep``.
public struct Outbox: Sendable {
    /// The channel that is notified when commands are left.
    public static let channel = "socle_outbox"
    /// Attempts before a command is given up.
    public static let maximumAttempts = 6
    /// Commands of one claim at most.
    public static let largestClaim = 100

    let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    /// Leaves commands for one organisation's equipment, all or none; one that waits already for the same session and
    /// reason is not left again. Not safe to repeat, and harmless if it happens: a
    /// session that is gone needs no second Disconnect.
    public func enqueue(_ commands: [NewOutboxCommand], of organisation: OrganisationID) async throws {
        guard !commands.isEmpty else { return }
        let attributes = try commands.map { command in
            String(decoding: try JSONEncoder().encode(command.attributes), as: UTF8.self)
        }
        // No RETURNING: the portal may leave commands and not read them.
        _ = try await client.write(
            """
            INSERT INTO access.outbox (organisation_id, command, nas_id, session_id, device, attributes, reason)
            SELECT \(organisation), command, nas_id, session_id, device::macaddr, attributes::jsonb, reason
            FROM unnest(\(commands.map(\.kind.rawValue)), \(commands.map(\.nasID)), \(commands.map(\.sessionID)),
                \(commands.map(\.device?.description)), \(attributes), \(commands.map(\.reason)))
                AS new(command, nas_id, session_id, device, attributes, reason)
            ON CONFLICT DO NOTHING
            """, settings: [.organisation(organisation)], repeatable: false)
    }

    /// Takes commands that are due, the oldest first, for the time of the lease.
    public func claim(limit: Int = Outbox.largestClaim, lease: Duration, now: Date) async throws -> [OutboxCommand] {
        let until = now.addingTimeInterval(TimeInterval(lease.components.seconds))
        let rows = try await client.write(
            """
            WITH claimed AS (
                UPDATE access.outbox SET attempts = attempts + 1, not_before = \(until)
                WHERE id = ANY (ARRAY(
                    SELECT id FROM access.outbox WHERE done_at IS NULL AND not_before <= \(now)
                    ORDER BY not_before, id LIMIT \(Int64(min(limit, Self.largestClaim))) FOR UPDATE SKIP LOCKED))
                RETURNING id, organisation_id, command, nas_id, session_id, device, attributes, reason, method,
                    acknowledged_at, attempts, created_at
            )
            SELECT c.id, c.organisation_id, c.command, c.nas_id, c.device::text, c.attributes::text, c.reason, c.method,
                c.acknowledged_at, c.attempts, c.created_at, c.session_id, \(SQL.sessionColumns)
            FROM claimed AS c LEFT JOIN LATERAL (
                SELECT * FROM access.live_session AS s
                WHERE s.nas_id = c.nas_id AND s.stopped_at IS NULL
                    AND CASE WHEN c.session_id IS NULL THEN s.calling_station = c.device::text
                        ELSE s.session_id = c.session_id END
                ORDER BY s.started_at DESC LIMIT 1
            ) AS s ON true ORDER BY c.id
            """, repeatable: false)
        return try rows.map(Self.command)
    }

    /// Closes commands left before `instant` that nobody could do, and deletes those closed before then. Returns how many
    /// were closed.
    @discardableResult
    public func expire(leftBefore instant: Date, now: Date) async throws -> Int {
        let rows = try await client.write(
            """
            WITH closed AS (
                UPDATE access.outbox SET done_at = \(now), outcome = 'expired'
                WHERE done_at IS NULL AND created_at < \(instant) RETURNING id
            ), deleted AS (
                DELETE FROM access.outbox WHERE done_at < \(instant)
            )
            SELECT count(*) FROM closed
            """, repeatable: true)
        return try rows.first?.decode(Int.self, column: 0) ?? 0
    }

    private static func command(_ row: Row) throws -> OutboxCommand {
        var columns = ColumnReader(row)
        return OutboxCommand(
            id: try columns.next(), organisationID: try columns.next(), kind: try columns.nextCase(),
            nasID: try columns.next(), device: try columns.nextMAC(),
            attributes: try columns.nextText { try? JSONDecoder().decode([String: String].self, from: Data($0.utf8)) }
                ?? [:],
            reason: try columns.next(), method: try columns.next(Int.self), acknowledgedAt: try columns.next(),
            attempts: try columns.next(), createdAt: try columns.next(), sessionID: try columns.next(),
            session: try columns.nextSessionIfAny())
    }
}

extension NewOutboxCommand {
    var sessionID: UUID? { if case .session(let id) = target { id } else { nil } }
    fileprivate var device: MACAddress? { if case .device(let device) = target { device } else { nil } }
}
