public import Postgres
public import Territory

/// Passwords that people choose, as what is kept of them: a crypt(5) hash, and where MS-CHAPv2 is to work the NT hash, which
/// is as good as the password and therefore sealed. For the owner: no daemon sets passwords.
public struct AccountPasswords: Sendable {
    /// Octets of an NT hash (RFC 2759 §8.3).
    public static let ntHashLength = 16

    private let client: PostgresClient
    private let keys: InstallationKeys

    /// Through this client; the keys seal the NT hashes.
    public init(_ client: PostgresClient, keys: InstallationKeys) { (self.client, self.keys) = (client, keys) }

    /// Opens an account with both hashes, or none. Throws `.duplicate` when somebody has the login, `.invalid` for an NT
    /// hash of another length.
    public func open(
        login: String, hash: Secret, nt: Secret?, of organisation: OrganisationID, group: String? = nil
    ) async throws -> Account {
        let new = Accounts.NewAccount(login: login, hash: hash, organisation: organisation, group: group)
        return try await Accounts.refusingDuplicates {
            try await client.transaction(settings: [.organisation(organisation)]) { transaction in
                let account = try Accounts.account(try await transaction.query(try Accounts.insertion(new)))
                // An NT hash is sealed to its row, so the row comes first.
                if let sealed = try seal(nt, of: account.id) {
                    try await transaction.write(
                        "UPDATE identity.account SET nt_hash = \(sealed) WHERE id = \(account.id)")
                }
                return account
            }
        }
    }

    /// Sets another password: its hash and its NT hash, or none. Every node knows it within a second. Returns how many live
    /// sessions will be disconnected, which are none unless `disconnecting`; nil: there is no such account. Throws
    /// `.invalid` for an NT hash of another length. Safe to repeat.
    @discardableResult
    public func set(
        hash: Secret, nt: Secret?, of id: AccountID, in organisation: OrganisationID, disconnecting: Bool = false
    ) async throws -> Int? {
        let changed: SQL = """
            UPDATE identity.account SET password_hash = \(try Accounts.text(hash)), nt_hash = \(try seal(nt, of: id))
            WHERE id = \(id) AND organisation_id = \(organisation)
            """
        let change = try await Accounts(client).change(
            changed, of: organisation, disconnecting: disconnecting ? "password-changed" : nil)
        return change.accounts == 0 ? nil : change.sessions
    }

    private func seal(_ hash: Secret?, of id: AccountID) throws -> [UInt8]? {
        guard let hash else { return nil }
        guard hash.bytes.count == Self.ntHashLength else { throw StoreError(.invalid, "an NT hash") }
        return try keys.secrets.seal(hash.bytes, at: .ntHash(id))
    }
}

extension SecretBox.Place {
    /// The sealed column of `identity.account`.
    static func ntHash(_ id: AccountID) -> Self {
        SecretBox.Place(table: "identity.account", column: "nt_hash", row: id.rawValue)
    }
}
