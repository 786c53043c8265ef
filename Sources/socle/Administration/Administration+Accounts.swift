import ArgumentParser
import Store
import Territory

extension Administration {
    var passwords: AccountPasswords { AccountPasswords(client, keys: keys) }

    /// The account of a login.
    func account(login: String) async throws -> Account {
        guard let found = try await accounts.find([login]).values.first else { throw Self.noAccount(login) }
        return found
    }

    static func noAccount(_ login: String) -> Failure {
        Failure(
            .notFound, "there is no account “\(login)”", mend: "socle account list --commune CODE --closed shows them")
    }

    /// Says where a group has no effect: a name that no package has is like none, which is hard to see otherwise.
    func warnOfUnknownGroup(_ group: String?, of organisation: OrganisationID) async throws {
        guard let group else { return }
        let packages = try await sites.withPackages().filter { $0.site.organisationID == organisation }.map(\.package)
        guard !packages.contains(where: { $0.groups?[group] != nil }) else { return }
        Console.error("no site's package has a group “\(group)”: until one has, it is like none")
    }
}

/// Names of groups on the command line.
enum GroupName {
    static func validate(_ text: String?) throws {
        guard let text, Slug(rawValue: text) == nil else { return }
        throw ValidationError("“\(text)” is no name of a group: lowercase letters, digits and hyphens")
    }
}
