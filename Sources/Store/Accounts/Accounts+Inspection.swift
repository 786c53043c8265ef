public import Foundation
internal import Postgres
public import Territory

/// An account with what an operator asks about it. Reads only.
public struct AccountInspection: Sendable, Hashable {
    /// The account.
    public let account: Account
    /// When it was opened.
    public let openedAt: Date
    /// The last day somebody logged in with it; nil: never.
    public let lastSeenOn: CivilDay?
    /// Whether the NT hash of its password is kept, so that MS-CHAPv2 works.
    public let keepsNTHash: Bool
    /// Live sessions.
    public let sessions: Int
    /// WPA keys that work.
    public let wifiKeys: Int
}

extension Accounts {
    /// Accounts of an organisation in the order of their logins, at most `limit`; closed ones where they are asked for.
    public func list(
        of organisation: OrganisationID, group: String? = nil, includingClosed: Bool = false, limit: Int = 1_000
    ) async throws -> [AccountInspection] {
        try await inspect(
            """
            a.organisation_id = \(organisation) AND (\(includingClosed) OR a.closed_at IS NULL)
                AND (\(group)::text IS NULL OR a.group_name = \(group))
            """, limit: limit, of: organisation)
    }

    /// The account of a login; nil: nobody has it.
    public func inspect(login: String) async throws -> AccountInspection? {
        try await inspect("a.login = \(login.lowercased())", limit: 1, of: nil).first
    }

    private func inspect(_ condition: SQL, limit: Int, of organisation: OrganisationID?) async throws
        -> [AccountInspection]
    {
        try await client.query(
            """
            SELECT \(SQL.accountColumns), a.opened_at, a.last_seen_on - DATE '1970-01-01', a.nt_hash IS NOT NULL,
                (SELECT count(*) FROM access.live_session AS s
                    WHERE s.subject_kind = 'account' AND s.subject_id = a.id AND s.stopped_at IS NULL),
                (SELECT count(*) FROM access.wifi_key AS k WHERE k.account_id = a.id AND k.revoked_at IS NULL)
            FROM identity.account AS a WHERE \(condition) ORDER BY a.login LIMIT \(Int64(limit))
            """, settings: organisation.map { [.organisation($0)] } ?? []
        ).map { row in
            var columns = ColumnReader(row)
            guard let account = try columns.nextAccount() else { throw StoreError(.unreadable, "account") }
            return AccountInspection(
                account: account, openedAt: try columns.next(),
                lastSeenOn: try columns.next(Int?.self).map { CivilDay(daysSinceEpoch: $0) },
                keepsNTHash: try columns.next(),
                sessions: try columns.next(), wifiKeys: try columns.next())
        }
    }
}
