public import Foundation
internal import Postgres
public import Territory

extension SessionStore {
    /// How far back a late record finds its session in the history.
    public static let historyDays = 35

    /// The sessions of these keys; keys that have none are left out.
    ///
    /// A key that is not live is looked for in the history, the latest session first, among those that began after
    /// `historySince`; nil: not at all (a Start that has only just happened needs no history).
    public func load(
        _ references: some Collection<SessionReference>, historySince: Date?
    ) async throws -> [SessionReference: LoadedSession] {
        guard !references.isEmpty else { return [:] }
        guard references.count <= Self.largestBatch else {
            throw StoreError(.invalid, "sessions at once: \(references.count)")
        }
        let nas = references.map(\.nasID)
        let keys = references.map(\.key.bytes)
        let rows = try await client.query(Self.lookup(nas, keys, historySince: historySince), settings: settings)
        var found: [SessionReference: LoadedSession] = [:]
        found.reserveCapacity(rows.count)
        for row in rows {
            var columns = ColumnReader(row)
            let session = try columns.nextSession()
            found[session.reference] = LoadedSession(session, place: try columns.next(Bool.self) ? .history : .live)
        }
        return found
    }

    /// `LATERAL … LIMIT` makes each key a search of its own, whatever the planner knows of the table's size.
    private static func lookup(_ nas: [NASID], _ keys: [[UInt8]], historySince: Date?) -> SQL {
        let live: SQL = """
            SELECT s.*, false AS past FROM wanted CROSS JOIN LATERAL (
                SELECT \(SQL.sessionColumns) FROM access.live_session AS s
                WHERE s.nas_id = wanted.nas_id AND s.session_key = wanted.session_key LIMIT 1
            ) AS s
            """
        guard let historySince else {
            return "WITH wanted AS (SELECT * FROM unnest(\(nas), \(keys)) AS w(nas_id, session_key)) \(live)"
        }
        return """
            WITH wanted AS (SELECT * FROM unnest(\(nas), \(keys)) AS w(nas_id, session_key)),
            live AS MATERIALIZED (\(live))
            SELECT * FROM live UNION ALL
            SELECT past.* FROM wanted CROSS JOIN LATERAL (
                SELECT \(SQL.sessionColumns), true FROM access.session AS s
                WHERE s.nas_id = wanted.nas_id AND s.session_key = wanted.session_key AND s.started_at >= \(historySince)
                ORDER BY s.started_at DESC LIMIT 1
            ) AS past
            WHERE (wanted.nas_id, wanted.session_key) NOT IN (SELECT nas_id, session_key FROM live)
            """
    }

    /// The sessions of these subjects that go on, at most 1,000 for each call.
    public func open(of subjects: [SubjectReference]) async throws -> [SessionRow] {
        try await client.query(
            """
            SELECT \(SQL.sessionColumns) FROM unnest(\(subjects.map(\.kind.rawValue)), \(subjects.map(\.id))) AS w(kind, id)
            JOIN access.live_session AS s ON s.subject_kind = w.kind AND s.subject_id = ANY (ARRAY[w.id])
            WHERE s.stopped_at IS NULL ORDER BY s.started_at LIMIT 1000
            """, settings: settings
        ).map(Self.session)
    }

    /// The sessions that go on under a grant: those of its subject that used its login, or its device's address as MAC
    /// authentication does. For the portal's status page.
    public func open(of grant: LoginGrant) async throws -> [SessionRow] {
        let subject = grant.usageSubject
        return try await client.query(
            """
            SELECT \(SQL.sessionColumns) FROM access.live_session AS s
            WHERE s.subject_kind = \(subject.kind.rawValue) AND s.subject_id = \(subject.id) AND s.site_id = \(grant.siteID)
                AND s.stopped_at IS NULL
                AND (s.user_name = \(grant.login) OR s.calling_station = \(grant.device?.description))
            ORDER BY s.started_at DESC LIMIT 100
            """, settings: settings
        ).map(Self.session)
    }

    /// Stations of open sessions by subject, without the one that asks for it: for each subject, how many other devices
    /// are connected. Subjects without any are left out.
    public func deviceCounts(of subjects: [SubjectReference]) async throws -> [SubjectReference: Int] {
        let rows = try await client.query(
            """
            SELECT w.kind, w.id, count(DISTINCT coalesce(s.calling_station, s.acct_session_id))
            FROM unnest(\(subjects.map(\.kind.rawValue)), \(subjects.map(\.id))) AS w(kind, id)
            JOIN access.live_session AS s ON s.subject_kind = w.kind AND s.subject_id = ANY (ARRAY[w.id])
            WHERE s.stopped_at IS NULL GROUP BY w.kind, w.id
            """, settings: settings)
        var counts: [SubjectReference: Int] = [:]
        for row in rows {
            var columns = ColumnReader(row)
            let subject = SubjectReference(kind: try columns.nextCase(), id: try columns.next())
            counts[subject] = try columns.next(Int.self)
        }
        return counts
    }

    static func session(_ row: Row) throws -> SessionRow {
        var columns = ColumnReader(row)
        return try columns.nextSession()
    }
}
