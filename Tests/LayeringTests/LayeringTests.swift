import Testing

/// The layout of this package against the design's table.
@Suite struct LayeringTests {
    let tree: SourceTree

    init() throws { tree = try SourceTree.ofThisPackage() }

    @Test func `every import is one the table of layers allows`() {
        #expect(tree.sources.count > 20, "the sources were not found")
        #expect(tree.forbiddenImports() == [])
    }

    @Test func `services never import each other`() {
        #expect(tree.servicesThatMeet() == [])
    }

    @Test func `Postgres alone imports CLibPQ`() {
        #expect(tree.importersOfLibPQ().isSubset(of: ["Postgres"]))
    }

    @Test func `Package.swift declares what the table says`() {
        #expect(tree.manifestDisagreements() == [])
    }

    @Test func `no folder is named after nothing`() {
        #expect(tree.meaninglessFolders() == [])
    }

    @Test func `no file is longer than 400 lines unless its header says why`() {
        #expect(tree.filesTooLong() == [])
    }

    @Test func `every target of code has its tests and no tests are orphans`() {
        #expect(tree.unpairedTargets() == [])
    }
}

/// The rules themselves: each finds the fault it is there for.
@Suite struct LayerRulesTests {
    private func tree(_ path: String, _ text: String, manifest: String = "") -> SourceTree {
        SourceTree(files: [.init(path: path, text: text)], manifest: manifest)
    }

    @Test(arguments: [
        "import Postgres", "public import Postgres", "@testable import Postgres", "  internal import Postgres",
        "import struct Postgres.SQL", "@preconcurrency public import Postgres",
        "@_spi(Testing) import func Postgres.connect",
    ])
    func `finds an import whatever the line carries`(line: String) {
        #expect(tree("Sources/Territory/A.swift", line).forbiddenImports().count == 1)
    }

    @Test(arguments: ["// import Postgres", "let important = Postgres", "import PostgresExtra", "importPostgres"])
    func `takes nothing else for an import of that module`(line: String) {
        #expect(tree("Sources/Territory/A.swift", line).forbiddenImports() == [])
    }

    @Test func `finds a protocol library that does I/O`() {
        #expect(tree("Sources/RADIUS/A.swift", "import NIOCore").forbiddenImports().count == 1)
    }

    @Test func `finds a target that the table does not know`() {
        #expect(tree("Sources/Novelty/A.swift", "import Foundation").forbiddenImports().count == 1)
    }

    @Test func `finds a service that imports another`() {
        let found = tree("Sources/PortalService/A.swift", "import AccessService").servicesThatMeet()
        #expect(
            found == ["Sources/PortalService/A.swift: PortalService imports AccessService; services meet in PostgreSQL"]
        )
    }

    @Test func `reads parts of Package.swift over several lines and compares both ways`() {
        let manifest = """
            Part("CLibPQ", .system(pkgConfig: "libpq", apt: "libpq-dev")),
            Part(
                "Postgres", .library, ["CLibPQ",
                "RADIUS"],
                [logging]),
            """
        let found = tree("Sources/Postgres/A.swift", "", manifest: manifest).manifestDisagreements()
        #expect(found.contains("Package.swift: Postgres depends on RADIUS, which the table does not allow"))
        #expect(found.contains("Package.swift: Postgres lacks CLinux, which the table allows"))
        #expect(found.contains("Package.swift: there is no part Store"))
    }

    @Test func `accepts 400 lines and refuses 401`() {
        let lines = { (count: Int) in Array(repeating: "//", count: count).joined(separator: "\n") }
        #expect(tree("Sources/Store/A.swift", lines(400)).filesTooLong() == [])
        #expect(tree("Sources/Store/A.swift", lines(401)).filesTooLong().count == 1)
        let excused = "// Longer than 400 lines: an exhaustive table.\n" + lines(500)
        #expect(tree("Sources/Store/A.swift", excused).filesTooLong() == [])
    }

    @Test func `finds a folder with a meaningless name and a target without tests`() {
        let found = tree("Sources/Store/Utils/A.swift", "")
        #expect(found.meaninglessFolders().count == 1)
        #expect(found.unpairedTargets() == ["Sources/Store has no Tests/StoreTests"])
    }
}
