import Foundation

extension Installation {
    /// What libpq needs to reach the private database.
    var databaseAddress: String { "host=\(embedded)/postgres dbname=socle user=socle" }

    /// Runs a verb of the command line on this installation.
    @discardableResult
    func socle(_ arguments: String...) async throws -> String {
        try await Command(
            [try Product.executable()] + arguments + ["--embedded", embedded, "--config", folder.path("socle.yaml")]
        ).run()
    }

    /// A commune, a site of it and its gateway.
    func furnish() async throws {
    }

    /// A new voucher's code, for the site.
    func voucher() async throws -> String {
        ""
    }

    /// Revokes a voucher by its code.
    func revoke(_ code: String) async throws {
    }
}
