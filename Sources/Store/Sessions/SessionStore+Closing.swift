public import Foundation
internal import Postgres
public import Territory

extension SessionStore {
    /// Ends every session of a NAS that said it starts or stops (RFC 2866 §5.1), but those heard of after that moment:
    /// the rule of ``Territory/SessionState/close(_:by:)`` for all rows at once. Safe to repeat. Returns what it ended, so
    /// that remembered rows can be forgotten; nothing for a record of another kind.
    public func closeAll(by record: AccountingRecord) async throws -> [SessionReference] {
        let cause: SessionState.InferredCause
        switch record.kind {
        case .on: cause = .accountingOn
        case .off: cause = .accountingOff
        case .start, .interim, .stop: return []
        }
        return try await client.write(
            """
            UPDATE access.live_session SET stopped_at = greatest(\(record.eventTime.date), started_at),
                inferred_stop = true, terminate_cause = \(cause.rawValue), received_at = \(record.receivedAt),
                version = version + 1
            WHERE nas_id = \(record.nasID) AND stopped_at IS NULL AND last_event_at <= \(record.eventTime.date)
            RETURNING nas_id, session_key
            """, settings: settings, repeatable: true
        ).map(Self.reference)
    }

    /// Ends sessions at these sites that were not heard of since `instant`, at the last thing known of each
    /// (``Territory/SessionState/closeIfSilent(_:now:interimSeconds:listeningSince:)`` says when that is). Reads the whole
    /// live table: once a minute is enough. At most `limit` at a time; safe to repeat.
    public func closeSilent(
        at sites: [SiteID], heardOfBefore instant: Date, limit: Int = 1_000
    ) async throws -> [SessionReference] {
        try await client.write(
            """
            UPDATE access.live_session SET stopped_at = greatest(last_event_at, started_at),
                inferred_stop = true, terminate_cause = \(SessionState.InferredCause.silence.rawValue),
                version = version + 1
            WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM access.live_session
                WHERE stopped_at IS NULL AND received_at < \(instant) AND site_id = ANY(\(sites))
                LIMIT \(Int64(limit)) FOR UPDATE SKIP LOCKED))
            RETURNING nas_id, session_key
            """, settings: settings, repeatable: true
        ).map(Self.reference)
    }

    /// Moves sessions that ended before `instant` to the history, at most `limit` at a time; returns how many. Safe to
    /// repeat, and to run on several nodes at once.
    public func moveToHistory(endedBefore instant: Date, limit: Int = 5_000) async throws -> Int {
        let rows = try await client.write(
            """
            WITH gone AS (
                DELETE FROM access.live_session WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM access.live_session WHERE stopped_at < \(instant)
                    LIMIT \(Int64(limit)) FOR UPDATE SKIP LOCKED))
                RETURNING *
            ), kept AS (
                INSERT INTO access.session (\(SessionColumns.names)) SELECT \(SessionColumns.names) FROM gone
                RETURNING 1
            )
            SELECT count(*) FROM kept
            """, settings: settings, repeatable: true)
        return try rows.first?.decode(Int.self, column: 0) ?? 0
    }

    /// Makes the history's monthly partitions of `months` months from the one of `day` on; returns how many were missing.
    /// Once a day is enough, with three months.
    @discardableResult
    public func ensurePartitions(from day: CivilDay, months: Int) async throws -> Int {
        let rows = try await client.write(
            "SELECT access.ensure_session_partitions(\(day.description)::text::date, \(Int32(clamping: months)))",
            settings: settings, repeatable: true)
        return try rows.first?.decode(Int.self, column: 0) ?? 0
    }

    private static func reference(_ row: Row) throws -> SessionReference {
        var columns = ColumnReader(row)
        return SessionReference(nasID: try columns.next(), key: try columns.nextSessionKey())
    }
}
