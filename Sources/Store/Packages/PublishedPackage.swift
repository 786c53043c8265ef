public import Foundation
public import Territory

/// A release of a package: what sites pin, and what never changes.
public struct PublishedPackage: Sendable, Hashable {
    /// Its row.
    public let id: PackageReleaseID
    /// The package with its inheritance resolved; its name and version are the release's.
    public let package: SitePackage
    /// SHA-256 of the document that was handed in, by which the same document is recognised.
    public let sha256: [UInt8]
    /// When it was published.
    public let publishedAt: Date

    /// A release as the table holds it.
    public init(id: PackageReleaseID, package: SitePackage, sha256: [UInt8], publishedAt: Date) {
        (self.id, self.package, self.sha256, self.publishedAt) = (id, package, sha256, publishedAt)
    }
}
