import NetworkLogs
import Testing

@Suite struct SyslogFramerTests {
    /// What came out, as text with offsets; the octets arrive in pieces of `chunk`.
    private func frames(
        _ text: String, chunk: Int = .max, maximum: Int = 65_536, _ framing: SyslogFramer.Framing = .automatic
    ) -> [String] {
        var framer = SyslogFramer(maximumMessage: maximum, framing: framing)
        var found: [String] = []
        let note = { (frame: SyslogFrame) in
            switch frame {
            case .message(let raw, let offset): found.append("\(offset):\(String(decoding: raw, as: UTF8.self))")
            case .skipped(let fault, let offset): found.append("\(offset)!\(fault.rawValue)")
            }
        }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(chunk))
            rest = rest.dropFirst(piece.count)
            piece.withUnsafeBytes { framer.append($0, note) }
            #expect(framer.bufferedBytes <= max(maximum, 480) + 12)
        }
        framer.finish(note)
        #expect(framer.bufferedBytes == 0)
        return found
    }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func `takes lines and counted messages, mixed, in whatever pieces they come (RFC 6587 §3.4)`(chunk: Int) {
        let text = "<1>one\n5 <2>ab<3>two\r\n\n9 <4>\nthree\n\n<5>four\n\0 7 seven\n6 <6>abc"
        #expect(
            frames(text, chunk: chunk) == [
                "0:<1>one", "9:<2>ab", "14:<3>two", "25:<4>\nthree", "36:<5>four", "45: 7 seven", "56:<6>abc",
            ])
    }

    @Test(arguments: [1, 5, 1000])
    func `digits that begin a line without PRI are no count`(chunk: Int) {
        let text = "2026-11-21 12:00:00 x\n42 is the answer\n12345678901 <1>x\n7\n"
        #expect(
            frames(text, chunk: chunk) == [
                "0:2026-11-21 12:00:00 x", "22:42 is the answer", "39:12345678901 <1>x", "56:7",
            ])
    }

    @Test(arguments: [1, 64, 100_000])
    func `takes a message of the maximum and skips one octet more, in either framing`(chunk: Int) {
        let body = { (count: Int) in "<1>" + String(repeating: "a", count: count - 3) }
        let fits = frames("\(body(500))\n500 \(body(500))<1>x\n", chunk: chunk, maximum: 500)
        #expect(fits == ["0:\(body(500))", "505:\(body(500))", "1005:<1>x"])
        let over = frames("\(body(501))\n501 \(body(501))<1>x\n", chunk: chunk, maximum: 500)
        #expect(over == ["0!frame_oversized", "502!frame_oversized", "1007:<1>x"])
    }

    @Test(arguments: [1, 1000])
    func `a line without end is skipped without being kept, and what follows is read`(chunk: Int) {
        let endless = String(repeating: "b", count: 5000)
        #expect(frames("\(endless)\n<1>x\n", chunk: chunk, maximum: 600) == ["0!frame_oversized", "5001:<1>x"])
    }

    @Test func `a stream that ends inside a message says so where that began`() {
        #expect(frames("<1>a\n12 <2>ab") == ["0:<1>a", "5!frame_truncated"])
        #expect(frames("12") == ["0!frame_truncated"])
        #expect(frames("900 <2>", maximum: 500) == ["0!frame_oversized", "7!frame_truncated"])
        #expect(frames("<1>without end") == ["0:<1>without end"])
        #expect(frames("") == [])
        #expect(frames("\n\r\0\n") == [])
    }

    @Test func `octet counting alone refuses what has no count, and goes on behind the next LF`() {
        #expect(frames("<1>a\n4 <2>b", .octetCounted) == ["0!frame_bad_length", "7:<2>b"])
        #expect(frames("0 4 <2>b\n5 hello", .octetCounted) == ["0!frame_bad_length", "11:hello"])
        #expect(frames("99999999999 x\n", .octetCounted) == ["0!frame_bad_length"])
        #expect(frames("4x<2>b\n", .octetCounted) == ["0!frame_bad_length"])
    }

    @Test func `lines alone read a count as text`() {
        #expect(frames("4 <2>b\n", .newline) == ["0:4 <2>b"])
    }

    /// 64 KiB octet by octet would take a minute if each octet read the line again.
    @Test func `a line that comes octet by octet is not read again for each`() {
        let line = String(repeating: "c", count: 60_000)
        #expect(frames(line + "\n", chunk: 1) == ["0:\(line)"])
    }
}
