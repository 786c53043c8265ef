internal import Foundation
internal import OpenSSL
public import Postgres
public import Territory

/// Releases of packages. Publishing is the owner's; reading is everybody's.
public struct Packages: Sendable {
    private let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    private static let columns: SQL = "r.id, r.document::text, r.sha256, r.published_at"

    /// Publishes a package, and says whether that made a release.
    ///
    /// A document that was published before as the latest release is not published again. Another one gets the version it
    /// declares, or the next one where that is taken: whoever forgot to count up loses nothing.
    public func publish(_ package: SitePackage) async throws -> (release: PublishedPackage, isNew: Bool) {
        let document = package.document
        let digest = Digest.sha256(Array(document.utf8))
        return try await client.transaction { transaction in
            // Readers are not disturbed; a second publisher waits, and then finds the first one's release.
            _ = try await transaction.write("LOCK TABLE territory.package_release IN SHARE ROW EXCLUSIVE MODE")
            let latest = try await transaction.query(Self.latest(package.name)).first.map(Self.release)
            if let latest, latest.sha256 == digest { return (latest, false) }
            let version = max(package.version, (latest?.package.version ?? 0) + 1)
            let rows = try await transaction.query(
                """
                INSERT INTO territory.package_release AS r (name, version, document, sha256)
                VALUES (\(package.name), \(Int32(clamping: version)),
                    jsonb_set(\(document)::text::jsonb, '{version}', to_jsonb(\(Int32(clamping: version)))), \(digest))
                RETURNING \(Self.columns)
                """)
            guard let row = rows.first else { throw StoreError(.invalid, "package \(package.name)") }
            return (try Self.release(row), true)
        }
    }

    /// The latest release of a package, or nil.
    public func latest(_ name: String) async throws -> PublishedPackage? {
        try await client.query(Self.latest(name)).first.map(Self.release)
    }

    /// The latest release of every package, by name.
    public func latest() async throws -> [PublishedPackage] {
        try await client.query(
            """
            SELECT DISTINCT ON (r.name) \(Self.columns) FROM territory.package_release AS r
            ORDER BY r.name, r.version DESC
            """
        ).map(Self.release)
    }

    /// One release of a package, or nil.
    public func find(_ name: String, version: Int) async throws -> PublishedPackage? {
        try await client.query(
            """
            SELECT \(Self.columns) FROM territory.package_release AS r
            WHERE r.name = \(name) AND r.version = \(Int32(clamping: version))
            """
        ).first.map(Self.release)
    }

    /// Releases by their rows; those that are not there are left out.
    public func find(_ ids: some Collection<PackageReleaseID>) async throws -> [PackageReleaseID: PublishedPackage] {
        let rows = try await client.query(
            "SELECT \(Self.columns) FROM territory.package_release AS r WHERE r.id = ANY(\(Array(ids)))")
        var found: [PackageReleaseID: PublishedPackage] = [:]
        for release in try rows.map(Self.release) { found[release.id] = release }
        return found
    }

    private static func latest(_ name: String) -> SQL {
        """
        SELECT \(columns) FROM territory.package_release AS r WHERE r.name = \(name) ORDER BY r.version DESC LIMIT 1
        """
    }

    private static func release(_ row: Row) throws -> PublishedPackage {
        let (id, document, sha256, publishedAt) = try row.decode(
            PackageReleaseID.self, String.self, [UInt8].self, Date.self)
        return PublishedPackage(
            id: id, package: try SitePackage(document: document), sha256: sha256, publishedAt: publishedAt)
    }
}
