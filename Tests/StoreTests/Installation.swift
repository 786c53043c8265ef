import Foundation
import Logging
import Postgres
import Store
import Territory

/// A migrated scratch database and a client for each role that uses the store.
struct Installation: Sendable {
    let conninfo: String
    let keys: InstallationKeys
    let owner: PostgresClient
    let access: PostgresClient
    let portal: PostgresClient

    static let migrations = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "migrations").path

    static let noon = Date(timeIntervalSince1970: 1_800_000_000)

    /// Runs `body` on a database of its own.
    static func with<Value: Sendable>(_ body: (Installation) async throws -> Value) async throws -> Value {
        let cluster = try await ScratchCluster.shared(migrations: migrations, durable: false)
        let conninfo = try await cluster.createDatabase()
        return try await client(conninfo) { owner in
            try await client(ScratchCluster.conninfo(conninfo, user: "socle_access")) { access in
                try await client(ScratchCluster.conninfo(conninfo, user: "socle_portal")) { portal in
                    try await body(
                        Installation(
                            conninfo: conninfo, keys: InstallationKeys(.random()), owner: owner, access: access,
                            portal: portal))
                }
            }
        }
    }

    static func client<Value: Sendable>(
        _ conninfo: String, connections: Int? = nil, _ body: (PostgresClient) async throws -> Value
    ) async throws -> Value {
        var configuration = PostgresConfiguration(conninfo: conninfo)
        configuration.connections = connections ?? configuration.connections
        configuration.transactionConnections = 2
        configuration.connectsEagerly = false
        return try await PostgresClient.withClient(configuration, logger: ScratchCluster.quiet, body)
    }

    /// A commune with one open site; the package is a stand-in, for the tests that need none.
    func commune(_ code: String, slug: String) async throws -> (organisation: OrganisationID, site: SiteID) {
        let organisation = try await Organisations(owner).ensure(
            kind: .commune, name: "Commune \(code)", codeINSEE: code)
        let rows = try await owner.write(
            """
            WITH release AS (
                INSERT INTO territory.package_release (name, version, document, sha256)
                VALUES (\("package-" + slug), 1, '{}', \([UInt8](repeating: 1, count: 32))) RETURNING id
            )
            INSERT INTO territory.site (organisation_id, package_release_id, slug, name)
            SELECT \(organisation.id), id, \(slug), \(slug) FROM release RETURNING id
            """, repeatable: false)
        return (organisation.id, try rows[0].decode(SiteID.self, column: 0))
    }

    /// The number that a query of the owner yields.
    func count(_ sql: SQL) async throws -> Int {
        try await owner.query(sql)[0].decode(Int.self, column: 0)
    }
}

extension MACAddress {
    /// A documentation address (RFC 7042 §2.1.1).
    static func documentation(_ last: UInt8) -> MACAddress {
        MACAddress(bytes: [0x02, 0x00, 0x5e, 0x00, 0x53, last]) ?? documentation(last)
    }
}
