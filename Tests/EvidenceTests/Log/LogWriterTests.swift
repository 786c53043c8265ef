import Testing

@testable import Evidence

@Suite struct LogWriterTests {
    private func entries(_ range: Range<Int>) -> [[UInt8]] { range.map { [UInt8]("entry \($0)".utf8) } }

    @Test(arguments: [(0, "tile/0/000.p/5"), (273, "tile/0/273.p/5"), (1_234_067, "tile/0/x001/x234/067.p/5")])
    func `paths are those of tlog-tiles`(index: UInt64, path: String) {
        #expect(Tile(content: .hashes(level: 0), index: index, width: 5).path == path)
    }

    @Test(arguments: [
        "tile/0/000", "tile/entries/x001/000.p/255", "tile/7/005.p/1", "tile/0/x001/x234/067",
    ])
    func `a tile is known by its path`(path: String) {
        #expect(Tile(path: path)?.path == path)
    }

    @Test(arguments: [
        "", "tile", "tile/0", "tile/8/000", "tile/0/00", "tile/0/0000", "tile/0/000.p/256", "tile/0/000.p/0",
        "tile/0/000.p",
        "tile/00/000", "tile/0/x000/001", "tile/0/001/001", "tile/0/x001", "tile/0/000/", "tile/-1/000", "tile/0/+01",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    ])
    func `what is not exactly a tile's path is none`(path: String) {
        #expect(Tile(path: path) == nil)
    }

    @Test func `a log of 70 000 entries has the tiles that tlog-tiles gives as its example`() throws {
        let log = MemoryLog()
        try log.append((0..<70_000).map { [UInt8($0 & 255), UInt8($0 >> 8 & 255)] })
        let paths = Set(log.objects.keys)
        #expect(paths.filter { $0.hasPrefix("tile/0/") && !$0.contains(".p/") }.count == 273)
        let partial = Set(paths.filter { $0.contains(".p/") && !$0.contains("entries") })
        #expect(partial == ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"])
        #expect(paths.contains("tile/1/000") && paths.contains("tile/entries/273.p/112"))
        #expect(try log.tree.root() == log.writer.root)
    }

    @Test func `a log of 256 entries has a full tile and a partial one above it`() throws {
        let log = MemoryLog()
        try log.append(entries(0..<256))
        #expect(Set(log.objects.keys) == ["tile/0/000", "tile/1/000.p/1", "tile/entries/000"])
    }

    @Test(arguments: [0, 1, 255, 256, 257, 700])
    func `a log goes on from its checkpoint as if it had never stopped`(size: Int) throws {
        let whole = MemoryLog()
        try whole.append(entries(0..<1000))
        let stopped = MemoryLog()
        try stopped.append(entries(0..<size))
        let checkpoint = Checkpoint(origin: "a", size: UInt64(size), root: stopped.writer.root)
        stopped.writer = try LogWriter(resuming: checkpoint) { [objects = stopped.objects] in objects[$0] }
        try stopped.append(entries(size..<1000))
        #expect(stopped.writer.root == whole.writer.root)
        #expect(try stopped.tree.root() == whole.writer.root)
        #expect(try stopped.tree.entry(999) == [UInt8]("entry 999".utf8))
    }

    @Test func `a log whose tiles do not have the checkpoint's root does not go on`() throws {
        let log = MemoryLog()
        try log.append(entries(0..<300))
        let other = Checkpoint(origin: "a", size: 299, root: log.writer.root)
        log.replace("tile/0/001.p/43", log.objects["tile/0/001.p/44"]?.dropLast(32))
        log.replace("tile/entries/001.p/43", log.objects["tile/entries/001.p/44"])
        #expect(throws: EvidenceError(.trailingOctets, in: "")) {
            try LogWriter(resuming: other) { [objects = log.objects] in objects[$0] }
        }
        let wrong = Checkpoint(origin: "a", size: 300, root: Digest(of: []))
        #expect(throws: EvidenceError(.hashMismatch, in: "")) {
            try LogWriter(resuming: wrong) { [objects = log.objects] in objects[$0] }
        }
    }

    @Test func `a partial tile that has gone is read from the full one`() throws {
        let log = MemoryLog()
        try log.append(entries(0..<200))
        let (tree, root) = (log.tree, log.writer.root)
        try log.append(entries(200..<256))
        for path in log.objects.keys where path.contains("/000.p/200") { log.replace(path, nil) }
        let later = LogTree(size: tree.size) { [objects = log.objects] in objects[$0] }
        #expect(try later.root() == root)
    }

    @Test func `a missing tile is named`() throws {
        let log = MemoryLog()
        try log.append(entries(0..<300))
        log.replace("tile/0/000", nil)
        let found = #expect(throws: EvidenceError.self) { try log.tree.inclusionProof(of: 3) }
        #expect(found?.code == .missingObject)
        #expect(found?.structure == "tile/0/000")
    }

    @Test func `an entry of 65 535 octets fits and one more does not`() throws {
        var writer = LogWriter()
        try writer.append([UInt8](repeating: 1, count: 65_535))
        #expect(throws: EvidenceError(.limitExceeded, in: "")) {
            try writer.append([UInt8](repeating: 1, count: 65_536))
        }
    }
}
