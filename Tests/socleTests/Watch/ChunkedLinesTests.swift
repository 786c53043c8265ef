import Testing

@testable import socle

@Suite struct ChunkedLinesTests {
    private func lines(_ text: String, by size: Int) throws -> [String] {
        var reader = ChunkedLines()
        var found: [String] = []
        let octets = Array(text.utf8)
        for start in stride(from: 0, to: octets.count, by: size) {
            found += try reader.receive(octets[start..<min(start + size, octets.count)])
        }
        #expect(reader.isEnded)
        return found
    }

    @Test(arguments: [1, 2, 3, 7, 1_000])
    func `reads lines however the octets and the chunks are cut`(size: Int) throws {
        let body = "1\r\n\n\r\n4\r\nab\nc\r\n3;x=y\r\nd\n\n\r\n0\r\n\r\n"
        #expect(try lines(body, by: size) == ["", "ab", "cd", ""])
    }

    @Test(arguments: ["x\r\n", "-1\r\n", "1\r\nab", "\r\n"])
    func `refuses what is not chunked`(text: String) {
        var reader = ChunkedLines()
        #expect(throws: ChunkedLines.Malformed.self) { try reader.receive(Array(text.utf8)) }
    }

    @Test func `takes a line of the greatest length and refuses one octet more`() throws {
        let longest = String(repeating: "a", count: ChunkedLines.longestLine)
        let size = String(longest.utf8.count + 2, radix: 16)
        var reader = ChunkedLines()
        #expect(try reader.receive(Array("\(size)\r\n\(longest)\n".utf8)) == [longest])
        var other = ChunkedLines()
        #expect(throws: ChunkedLines.Malformed.self) {
            try other.receive(Array("\(size)\r\n\(longest)b".utf8))
        }
    }
}
