public import Foundation
public import Postgres
public import Territory

/// Logins that people keep. Passwords are hashed by the caller, in its bounded pool; here only hashes arrive.
public struct Accounts: Sendable {
    private let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    /// Opens an account. The login is kept in lower case. Throws `.duplicate` when somebody has it.
    public func create(
        login: String, passwordHash: Secret, of organisation: OrganisationID, rights: RightsOverride? = nil,
        group: String? = nil
    ) async throws -> Account {
        do {
            let rows = try await client.write(
                """
                INSERT INTO identity.account AS a (organisation_id, login, password_hash, rights, group_name)
                VALUES (\(organisation), \(login.lowercased()), \(try Self.text(passwordHash)),
                    \(rights?.json)::text::jsonb, \(group))
                RETURNING \(SQL.accountColumns)
                """, settings: [.organisation(organisation)], repeatable: false)
            guard let account = try rows.first.map(Self.account) ?? nil else { throw StoreError(.invalid, "account") }
            return account
        } catch let error as PostgresError where error.sqlState == SQLState.uniqueViolation {
            throw StoreError(.duplicate, "an account with this login")
        }
    }

    /// Opens many accounts at once, all or none, and returns how many; logins that exist are left as they are. The
    /// planner's figures are brought up to date afterwards, which needs the owner.
    public func create(
        _ accounts: [(login: String, passwordHash: Secret)], of organisation: OrganisationID
    ) async throws -> Int {
        let logins = accounts.map { $0.login.lowercased() }
        let hashes = try accounts.map { try Self.text($0.passwordHash) }
        return try await client.transaction(settings: [.organisation(organisation)]) { transaction in
            var made = 0
            for start in stride(from: 0, to: accounts.count, by: 10_000) {
                let part = start..<min(start + 10_000, accounts.count)
                made += try await transaction.write(
                    """
                    INSERT INTO identity.account (organisation_id, login, password_hash)
                    SELECT \(organisation), login, password_hash
                    FROM unnest(\(Array(logins[part])), \(Array(hashes[part]))) AS new(login, password_hash)
                    ON CONFLICT (login) DO NOTHING
                    """
                ).affected
            }
            _ = try await transaction.write("ANALYZE identity.account")
            return made
        }
    }

    /// The accounts of these logins; logins that nobody has are left out.
    public func find(_ logins: [String]) async throws -> [String: Account] {
        let rows = try await client.query(
            "SELECT \(SQL.accountColumns) FROM identity.account AS a WHERE a.login = ANY(\(logins.map { $0.lowercased() }))"
        )
        var found: [String: Account] = [:]
        for account in try rows.compactMap(Self.account) { found[account.login] = account }
        return found
    }

    /// Closes an account; what it lets in ends within a second. False when there is none or it was closed before.
    @discardableResult
    public func close(_ id: AccountID, of organisation: OrganisationID, at instant: Date) async throws -> Bool {
        try await client.write(
            """
            UPDATE identity.account SET closed_at = \(instant)
            WHERE id = \(id) AND organisation_id = \(organisation) AND closed_at IS NULL
            """, settings: [.organisation(organisation)], repeatable: true
        ).affected > 0
    }

    /// Remembers that accounts were used on a day, for the rule that closes those nobody uses. Safe to repeat.
    public func markSeen(_ ids: some Collection<AccountID>, on day: CivilDay) async throws {
        guard !ids.isEmpty else { return }
        _ = try await client.write(
            """
            UPDATE identity.account SET last_seen_on = \(day.description)::text::date
            WHERE id = ANY(\(ids.sorted())) AND (last_seen_on IS NULL OR last_seen_on < \(day.description)::text::date)
            """, repeatable: true)
    }

    private static func account(_ row: Row) throws -> Account? {
        var columns = ColumnReader(row)
        return try columns.nextAccount()
    }

    private static func text(_ hash: Secret) throws -> String {
        guard let text = hash.text, !text.isEmpty else { throw StoreError(.invalid, "a password hash") }
        return text
    }
}
