public import Foundation
internal import Postgres
public import Territory

extension Accounts {
    /// What a change of accounts did.
    public struct Change: Sendable, Hashable {
        /// Accounts that are changed.
        public let accounts: Int
        /// Live sessions that will be disconnected.
        public let sessions: Int

        /// These counts.
        public init(accounts: Int, sessions: Int) { (self.accounts, self.sessions) = (accounts, sessions) }
    }

    /// Closes an account: it, its grants and its WPA keys let nobody in within a second, and by way of the outbox its live
    /// sessions end. Returns how many of those; nil when there is no such account or it was closed before. Safe to repeat.
    @discardableResult
    public func close(_ id: AccountID, of organisation: OrganisationID, at instant: Date) async throws -> Int? {
        let closed: SQL = """
            UPDATE identity.account SET closed_at = \(instant)
            WHERE id = \(id) AND organisation_id = \(organisation) AND closed_at IS NULL
            """
        let change = try await change(
            closed, of: organisation, disconnecting: RefusalReason.closedAccount.rawValue)
        return change.accounts == 0 ? nil : change.sessions
    }

    /// Opens a closed account again, with what it had. False when there is none or it is open. Safe to repeat.
    @discardableResult
    public func reopen(_ id: AccountID, of organisation: OrganisationID) async throws -> Bool {
        let opened: SQL = """
            UPDATE identity.account SET closed_at = NULL
            WHERE id = \(id) AND organisation_id = \(organisation) AND closed_at IS NOT NULL
            """
        return try await change(opened, of: organisation, disconnecting: nil).accounts > 0
    }

    /// Puts accounts into a group of their sites' packages, or into none. Devices that are connected come into it with
    /// their next login, at once if `disconnecting`. Throws `.invalid` for what is no name of a group. Safe to repeat; what
    /// was in it before is not counted.
    public func setGroup(
        _ group: String?, of ids: [AccountID], in organisation: OrganisationID, disconnecting: Bool
    ) async throws -> Change {
        if let group, Slug(rawValue: group) == nil { throw StoreError(.invalid, "the name of a group") }
        let moved: SQL = """
            UPDATE identity.account SET group_name = \(group)
            WHERE id = ANY(\(ids)) AND organisation_id = \(organisation) AND group_name IS DISTINCT FROM \(group)
            """
        return try await change(moved, of: organisation, disconnecting: disconnecting ? "group-changed" : nil)
    }

    /// Makes an update of `identity.account` and, with a reason, ends the live sessions of the accounts it changed, in one
    /// statement.
    func change(_ update: SQL, of organisation: OrganisationID, disconnecting reason: String?) async throws -> Change {
        let changed: SQL = "SELECT id, NULL::bigint, NULL::macaddr FROM changed"
        let left = reason.map { SQL.disconnects(of: changed, reason: $0) } ?? "SELECT id FROM changed WHERE false"
        let rows = try await client.write(
            """
            WITH changed AS (\(update) RETURNING id), left_behind AS (\(left))
            SELECT (SELECT count(*) FROM changed), (SELECT count(*) FROM left_behind)
            """, settings: [.organisation(organisation)], repeatable: true)
        guard let (accounts, sessions) = try rows.first?.decode(Int.self, Int.self) else {
            throw StoreError(.invalid, "a change of accounts")
        }
        return Change(accounts: accounts, sessions: sessions)
    }
}
