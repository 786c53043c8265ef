public import Foundation

/// A login that a person keeps.
public struct Account: Sendable, Hashable {
    /// Its row.
    public let id: AccountID
    /// The tenant it belongs to.
    public let organisationID: OrganisationID
    /// Lowercase, unique over the installation.
    public let login: String
    /// crypt(5) format.
    public let passwordHash: Secret
    /// What differs from the site's package.
    public let rights: RightsOverride?
    /// When it was closed; retention counts from there.
    public let closedAt: Date?
    /// The group of the site's package that who uses it is in; nil: none.
    public let group: String?

    /// An account as the table holds it.
    public init(
        id: AccountID, organisationID: OrganisationID, login: String, passwordHash: Secret,
        rights: RightsOverride? = nil, closedAt: Date? = nil, group: String? = nil
    ) {
        self.id = id
        self.organisationID = organisationID
        self.login = login
        self.passwordHash = passwordHash
        self.rights = rights
        self.closedAt = closedAt
        self.group = group
    }
}

extension Account: CustomStringConvertible {
    /// Without the login, which may name a person.
    public var description: String { "account \(id)" }
}
