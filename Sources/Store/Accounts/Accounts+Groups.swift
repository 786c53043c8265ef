public import Foundation
internal import Postgres
public import Territory

/// How many are in a group.
public struct GroupMembers: Sendable, Hashable {
    /// Open accounts.
    public var accounts = 0
    /// Vouchers that may still be used.
    public var vouchers = 0
    /// WPA keys of its own that work.
    public var wifiKeys = 0

    /// Nobody.
    public init() {}
}

extension Accounts {
    /// The groups that anything of an organisation is in, whatever its packages know.
    public func groups(of organisation: OrganisationID, at instant: Date) async throws -> [String: GroupMembers] {
        let rows = try await client.query(
            """
            SELECT kind, group_name, count(*) FROM (
                SELECT 'account' AS kind, group_name FROM identity.account
                    WHERE organisation_id = \(organisation) AND closed_at IS NULL
                UNION ALL SELECT 'voucher', group_name FROM access.voucher
                    WHERE organisation_id = \(organisation) AND revoked_at IS NULL AND valid_until > \(instant)
                UNION ALL SELECT 'key', group_name FROM access.wifi_key
                    WHERE organisation_id = \(organisation) AND revoked_at IS NULL
            ) AS member WHERE group_name IS NOT NULL GROUP BY kind, group_name
            """, settings: [.organisation(organisation)])
        var groups: [String: GroupMembers] = [:]
        for (kind, name, count) in try rows.decode(String.self, String.self, Int.self) {
            switch kind {
            case "account": groups[name, default: GroupMembers()].accounts = count
            case "voucher": groups[name, default: GroupMembers()].vouchers = count
            default: groups[name, default: GroupMembers()].wifiKeys = count
            }
        }
        return groups
    }

    /// The logins of these accounts.
    public func logins(of ids: Set<AccountID>) async throws -> [AccountID: String] {
        let rows = try await client.query(
            "SELECT id, login FROM identity.account WHERE id = ANY(\(ids.sorted()))")
        return Dictionary(try rows.decode(AccountID.self, String.self)) { first, _ in first }
    }
}
