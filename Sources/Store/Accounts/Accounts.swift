public import Postgres
public import Territory

/// Logins that people keep. Passwords are hashed by the caller, in its bounded pool; here only hashes arrive.
public struct Accounts: Sendable {
    let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    /// Opens an account. The login is kept in lower case. Throws `.duplicate` when somebody has it.
    public func create(
        login: String, passwordHash: Secret, of organisation: OrganisationID, rights: RightsOverride? = nil,
        group: String? = nil
    ) async throws -> Account {
        let new = NewAccount(login: login, hash: passwordHash, organisation: organisation, rights: rights, group: group)
        return try await Self.refusingDuplicates {
            try Self.account(
                try await client.write(
                    try Self.insertion(new), settings: [.organisation(organisation)], repeatable: false))
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

    /// Remembers that accounts were used on a day, for the rule that closes those nobody uses. Safe to repeat.
    public func markSeen(_ ids: some Collection<AccountID>, on day: CivilDay) async throws {
        guard !ids.isEmpty else { return }
        _ = try await client.write(
            """
            UPDATE identity.account SET last_seen_on = \(day.description)::text::date
            WHERE id = ANY(\(ids.sorted())) AND (last_seen_on IS NULL OR last_seen_on < \(day.description)::text::date)
            """, repeatable: true)
    }

    /// What opens an account.
    struct NewAccount {
        let login: String
        let hash: Secret
        let organisation: OrganisationID
        var rights: RightsOverride?
        var group: String?
    }

    /// The statement that opens an account and returns its columns.
    static func insertion(_ new: NewAccount) throws -> SQL {
        """
        INSERT INTO identity.account AS a (organisation_id, login, password_hash, rights, group_name)
        VALUES (\(new.organisation), \(new.login.lowercased()), \(try text(new.hash)),
            \(new.rights?.json)::text::jsonb, \(new.group))
        RETURNING \(SQL.accountColumns)
        """
    }

    /// The account of the first row.
    static func account(_ rows: Rows) throws -> Account {
        guard let account = try rows.first.map(Self.account) ?? nil else { throw StoreError(.invalid, "account") }
        return account
    }

    /// Throws `.duplicate` when somebody has the login.
    static func refusingDuplicates(_ body: () async throws -> Account) async throws -> Account {
        do { return try await body() } catch let error as PostgresError
            where error.sqlState == SQLState.uniqueViolation
        {
            throw StoreError(.duplicate, "an account with this login")
        }
    }

    private static func account(_ row: Row) throws -> Account? {
        var columns = ColumnReader(row)
        return try columns.nextAccount()
    }

    static func text(_ hash: Secret) throws -> String {
        guard let text = hash.text, !text.isEmpty else { throw StoreError(.invalid, "a password hash") }
        return text
    }
}
