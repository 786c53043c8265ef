import Foundation
import Testing

@testable import Territory

struct DocumentNodeTests {
    private func faults(_ text: String) -> [DocumentFault] {
        switch DocumentNode.parse(text, file: "x.yaml") {
        case .success: []
        case .failure(let failure): failure.faults
        }
    }

    @Test func `refuses a key given twice, and says where`() {
        let found = faults("a: 1\nb:\n  c: 1\n  c: 2\n")
        #expect(found.map(\.keyPath) == ["c"])
        #expect(found.map(\.line) == [3])
    }

    @Test func `refuses an alias bomb before it is read`() {
        var text = "a0: &a0 [x, x]\n"
        for index in 1...40 { text += "a\(index): &a\(index) [*a\(index - 1), *a\(index - 1)]\n" }
        #expect(faults(text).count == 41)
        #expect(faults("? &a [b]\n: c").count == 1)
        #expect(faults("a: [&x b]").count == 1)
        #expect(!faults("a: *x").isEmpty)
    }

    @Test func `takes an ampersand in prose and in comments for what it is`() {
        #expect(faults("a: Café & thé # voir &note\nb: R&D\nc: \"a & b\"\n") == [])
    }

    @Test func `bounds size, lines, brackets, depth and parts`() {
        let filler = { (count: Int) in String(repeating: "# comment\n", count: count / 10) }
        #expect(faults("a: 1\n" + filler(65_520)) == [])
        #expect(faults("a: 1\n" + filler(65_540)).map(\.message) == ["is larger than 65536 bytes"])
        #expect(faults("a: " + String(repeating: "x", count: 497)) == [])
        #expect(faults("a: " + String(repeating: "x", count: 498)).map(\.message) == ["is longer than 500 bytes"])
        let flow = { (depth: Int) in "a: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(faults(flow(10)) == [])
        #expect(faults(flow(11)).map(\.message) == ["is nested deeper than 10"])
        #expect(
            faults("a:\n" + Array(repeating: "  - [[", count: 251).joined(separator: "\n")).map(\.message).contains(
                "has too many brackets"))
        #expect(faults(String(repeating: "- ", count: 249) + "x").map(\.message) == ["is nested deeper than 10"])
        #expect(faults((0..<2_499).map { "k\($0): x\n" }.joined()) == [])
        #expect(
            faults((0..<4_000).map { "k\($0): x\n" }.joined()).map(\.message) == ["the file has more than 5000 parts"])
    }

    @Test(arguments: [
        "", "# nothing", "---", "a: [", "a: b: c", "\t- x", "a: \"b", "a: 1\n---\nb: 2", "{[a]: 1}", "a: \u{7}",
    ])
    func `refuses what is no single document of keys`(_ text: String) {
        let root = DocumentNode.parse(text, file: "x.yaml")
        let log = DocumentReader.Log()
        if case .success(let node) = root { _ = DocumentReader(node, log: log) }
        #expect(!faults(text).isEmpty || !log.faults.isEmpty)
    }

    @Test func `random bytes never trap`() {
        var generator = SeededGenerator(state: 1_234)
        let alphabet = Array("abc:- \n\n  [{}],\"'#&*?|>!%@0123456789".utf8)
        for _ in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0...120, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            let library = PackageLibrary(files: [("x", "x.yaml", String(decoding: bytes, as: UTF8.self))])
            #expect(!library.faults.isEmpty)
        }
    }

    @Test func `a fault reads as compilers write it`() {
        let fault = DocumentFault(file: "mairie.yaml", line: 3, column: 7, keyPath: "rights.devices", message: "is 0")
        #expect(fault.description == "mairie.yaml:3:7: rights.devices: is 0")
        #expect(DocumentFault(file: "a", line: 1, keyPath: "", message: "b").description == "a:1: b")
    }
}
