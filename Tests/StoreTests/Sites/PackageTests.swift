import Foundation
import Store
import Territory
import Testing

struct PackageTests {
    static let library = Installation.migrations.replacing("/migrations", with: "/config/packages")

    static func package(_ name: String) throws -> SitePackage {
        try PackageLibrary.load(directory: URL(fileURLWithPath: library)).resolve(name)
    }

    /// The package with its document edited as text.
    static func edited(_ package: SitePackage, _ old: String, _ new: String) throws -> SitePackage {
        try SitePackage(document: package.document.replacing(old, with: new))
    }

    @Test func `publishes a document once, and the next version when it changed`() async throws {
        try await Installation.with { here in
            let packages = Packages(here.owner)
            let mairie = try Self.package("mairie")
            let first = try await packages.publish(mairie)
            #expect(first.isNew)
            #expect(first.release.package == mairie)
            let again = try await packages.publish(mairie)
            #expect(!again.isNew)
            #expect(again.release == first.release)
            let changed = try Self.edited(mairie, "\"plain_language\":false", "\"plain_language\":true")
            try #require(changed != mairie)
            let second = try await packages.publish(changed)
            #expect(second.isNew)
            #expect(second.release.package.version == mairie.version + 1, "the author forgot to count up")
            #expect(try await packages.publish(changed).isNew == false)
            #expect(try await Packages(here.portal).latest("mairie") == second.release)
            #expect(try await Packages(here.access).find("mairie", version: mairie.version) == first.release)
            #expect(try await packages.latest().map(\.id) == [second.release.id])
            #expect(try await packages.find([first.release.id, 999]).keys.map(\.self) == [first.release.id])
        }
    }

    @Test func `takes the version a document declares when it is ahead`() async throws {
        try await Installation.with { here in
            let mairie = try Self.package("mairie")
            _ = try await Packages(here.owner).publish(mairie)
            let ahead = try Self.edited(mairie, "\"version\":\(mairie.version)", "\"version\":40")
            #expect(try await Packages(here.owner).publish(ahead).release.package.version == 40)
        }
    }

    @Test func `makes one release of two that publish the same document at once`() async throws {
        try await Installation.with { here in
            let mairie = try Self.package("mairie")
            async let one = Packages(here.owner).publish(mairie)
            async let other = Packages(here.owner).publish(mairie)
            let (a, b) = try await (one, other)
            #expect(a.release == b.release)
            #expect(a.isNew != b.isNew)
        }
    }
}
