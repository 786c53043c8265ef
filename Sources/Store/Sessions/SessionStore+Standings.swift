public import Foundation
internal import Postgres
public import Territory

extension SessionStore {
    /// Sessions of one answer at most.
    public static let largestStanding = 2_000

    /// The sessions of these subjects that go on, with what lets them; of a grant also those of the voucher or account
    /// behind it. `day` is the latest day that usage is asked for.
    public func standings(of subjects: [SubjectReference], day: CivilDay) async throws -> [SessionStanding] {
        guard !subjects.isEmpty else { return [] }
        // Each subject's rows by its index. A join may be made the other way round, all sessions against all subjects, which
        // is the cheapest plan while there are few of either, and a daemon keeps its plans: OFFSET 0 rules that out.
        let candidates: SQL = """
            SELECT s.* FROM (
                SELECT kind, id FROM wanted
                UNION SELECT behind.kind, behind.id FROM wanted
                CROSS JOIN LATERAL (SELECT voucher_id, account_id FROM access.login_grant
                    WHERE id = wanted.id OFFSET 0) AS g
                CROSS JOIN LATERAL (VALUES ('voucher', g.voucher_id), ('account', g.account_id)) AS behind(kind, id)
                WHERE wanted.kind = 'login_grant' AND behind.id IS NOT NULL
            ) AS w CROSS JOIN LATERAL (SELECT * FROM access.live_session
                WHERE subject_id = w.id AND subject_kind = w.kind AND stopped_at IS NULL OFFSET 0) AS s
            LIMIT \(Int64(Self.largestStanding))
            """
        let wanted: SQL = """
            WITH wanted AS (SELECT * FROM unnest(\(subjects.map(\.kind.rawValue)), \(subjects.map(\.id))) AS w(kind, id))
            """
        return try await client.query("\(wanted) \(Self.standings(candidates, day))", settings: settings)
            .map(Self.standing)
    }

    /// Sessions that go on though what let them in may have ended before `cutoff`, or at one of these sites; without those
    /// that a command was left for since `recent`, and those that have not been heard of since one ended them. Who is
    /// among them is decided by the rules of the territory. Reads the whole live table: once a minute is enough.
    public func standings(
        endedBefore cutoff: Date, at sites: [SiteID], notCommandedSince recent: Date, day: CivilDay
    ) async throws -> [SessionStanding] {
        let candidates: SQL = """
            SELECT s.* FROM access.live_session AS s
            LEFT JOIN access.login_grant AS og ON s.subject_kind = 'login_grant' AND og.id = s.subject_id
            LEFT JOIN access.voucher AS ov ON s.subject_kind = 'voucher' AND ov.id = s.subject_id
            LEFT JOIN identity.account AS oa ON s.subject_kind = 'account' AND oa.id = s.subject_id
            LEFT JOIN access.login_grant AS ug ON ug.login = s.user_name
            WHERE s.stopped_at IS NULL AND s.subject_id IS NOT NULL
                AND (og.expires_at <= \(cutoff) OR og.revoked_at <= \(cutoff) OR ug.expires_at <= \(cutoff)
                    OR ug.revoked_at <= \(cutoff) OR ov.valid_until <= \(cutoff) OR ov.revoked_at <= \(cutoff)
                    OR oa.closed_at <= \(cutoff) OR coalesce(og.id, ov.id, oa.id) IS NULL OR s.site_id = ANY(\(sites))
                    OR (\(Self.isDevice) AND NOT EXISTS (SELECT FROM access.login_grant AS dg
                            WHERE dg.site_id = s.site_id AND dg.device = \(Self.device) AND dg.revoked_at IS NULL
                                AND dg.expires_at > \(cutoff))
                        AND NOT EXISTS (SELECT FROM access.wifi_key AS k WHERE s.subject_kind = 'account'
                            AND k.account_id = s.subject_id AND k.revoked_at IS NULL)))
                AND NOT EXISTS (SELECT FROM access.outbox AS o WHERE o.session_id = s.session_id
                    AND (o.done_at IS NULL OR o.done_at > \(recent)
                        OR (o.outcome IN ('stopped', 'silent') AND s.received_at <= o.done_at)))
            LIMIT \(Int64(Self.largestStanding))
            """
        return try await client.query(Self.standings(candidates, day), settings: settings).map(Self.standing)
    }

    /// Whether a session `AS s` is of a device that authenticated by its MAC address.
    private static let isDevice: SQL = """
        coalesce(char_length(s.user_name) <= 17 AND char_length(s.calling_station) = 17
            AND regexp_replace(lower(s.user_name), '[^0-9a-f]', '', 'g') = replace(s.calling_station, ':', '')
            AND s.calling_station ~ '^([0-9a-f]{2}:){5}[0-9a-f]{2}$', false)
        """

    /// Its address; the cast is made of nothing else.
    private static let device: SQL = "CASE WHEN \(isDevice) THEN s.calling_station::macaddr END"

    /// Each session with the grant it was let in by (its login's, its subject, or its device's that ends last), what is
    /// behind that, its WPA key's group, and its usage.
    private static func standings(_ candidates: SQL, _ day: CivilDay) -> SQL {
        """
        SELECT \(SQL.sessionColumns), \(isDevice), k.found, k.group_name, u.days, u.seconds, u.input_octets,
            u.output_octets, \(SQL.grantColumns), \(SQL.voucherColumns), \(SQL.accountColumns)
        FROM (\(candidates)) AS s
        LEFT JOIN LATERAL (
            SELECT id FROM access.login_grant WHERE login = s.user_name
            UNION ALL SELECT s.subject_id WHERE s.subject_kind = 'login_grant'
            UNION ALL (SELECT id FROM access.login_grant
                WHERE site_id = s.site_id AND device = \(device) AND revoked_at IS NULL
                ORDER BY expires_at DESC LIMIT 1)
            LIMIT 1
        ) AS own ON true
        LEFT JOIN access.login_grant AS g ON g.id = own.id
        LEFT JOIN access.voucher AS v
            ON v.id = coalesce(g.voucher_id, CASE WHEN s.subject_kind = 'voucher' THEN s.subject_id END)
        LEFT JOIN identity.account AS a
            ON a.id = coalesce(g.account_id, CASE WHEN s.subject_kind = 'account' THEN s.subject_id END)
        LEFT JOIN LATERAL (
            SELECT true AS found, group_name FROM access.wifi_key
            WHERE \(isDevice) AND revoked_at IS NULL AND (site_id IS NULL OR site_id = s.site_id)
                AND organisation_id = s.organisation_id
                AND (device = \(device) OR (device IS NULL AND account_id = g.account_id))
            ORDER BY device IS NULL, site_id IS NULL LIMIT 1
        ) AS k ON true
        CROSS JOIN LATERAL (
            SELECT array_agg(day - '1970-01-01'::date) AS days, array_agg(seconds) AS seconds,
                array_agg(input_octets) AS input_octets, array_agg(output_octets) AS output_octets
            FROM access.usage WHERE subject_id = s.subject_id AND subject_kind = s.subject_kind
                AND day BETWEEN \(QuotaPeriod.earliest(for: day).description)::text::date
                    AND \(day.description)::text::date
        ) AS u
        """
    }

    private static func standing(_ row: Row) throws -> SessionStanding {
        var columns = ColumnReader(row)
        let session = try columns.nextSession()
        let isDevice = try columns.next(Bool.self)
        let hasKey = try columns.next(Bool?.self) ?? false
        let keyGroup = try columns.next(String?.self)
        let days = try columns.nextDays()
        let (grant, voucher, account) = (try columns.nextGrant(), try columns.nextVoucher(), try columns.nextAccount())
        var subject = grant.map { Subject($0, voucher: voucher, account: account) }
        // A device without a grant is let in by its WPA key or not at all.
        if subject == nil, !isDevice || hasKey { subject = voucher.map { Subject($0) } ?? account.map { Subject($0) } }
        if hasKey, let keyGroup { subject?.group = keyGroup }
        return SessionStanding(session: session, subject: subject, days: days)
    }
}

extension ColumnReader {
    /// The next four columns, arrays of days since 1970 and of what was used on each; NULL where there are none.
    fileprivate mutating func nextDays() throws -> [SessionStanding.Day] {
        guard let days = try next([Int32]?.self) else {
            skip(3)
            return []
        }
        let (seconds, input, output) = (try next([Int64].self), try next([Int64].self), try next([Int64].self))
        guard seconds.count == days.count, input.count == days.count, output.count == days.count else {
            throw StoreError(.unreadable, "usage")
        }
        return days.indices.map { index in
            SessionStanding.Day(
                day: CivilDay(daysSinceEpoch: Int(days[index])),
                usage: Usage(seconds: seconds[index], inputOctets: input[index], outputOctets: output[index]))
        }
    }
}
