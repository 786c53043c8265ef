import Testing

@testable import Evidence

@Suite struct LogEntryTests {
    /// A value that the form accepts.
    private func value(_ form: LogEntry.Form) -> String {
        switch form {
        case .number, .optionalNumber: "-42"
        case .digest, .optionalDigest: String(repeating: "0a", count: 32)
        case .segment, .optionalSegment: String(repeating: "f1", count: 16)
        case .text: "préfecture: 2026/17"
        }
    }

    private func entry(_ kind: LogEntry.Kind) throws -> LogEntry {
        try LogEntry(kind, Dictionary(uniqueKeysWithValues: kind.fields.map { ($0.name, value($0.form)) }))
    }

    @Test(arguments: LogEntry.Kind.allCases)
    func `every kind comes back from its octets`(kind: LogEntry.Kind) throws {
        let entry = try entry(kind)
        #expect(try LogEntry(entry.encoded) == entry)
    }

    @Test func `a gap is written line by line`() throws {
        let entry = try LogEntry.gap(
            source: "gw-1", from: 1000, until: 421_000, cause: "silent", lost: nil, time: 421_500)
        #expect(
            String(decoding: entry.encoded, as: UTF8.self) == """
                socle-archive/1 GAP
                time 421500
                source gw-1
                from 1000
                until 421000
                cause silent
                lost -

                """)
    }

    @Test(arguments: LogEntry.Kind.allCases)
    func `an entry has one form: any other order, number, line or value is refused`(kind: LogEntry.Kind) throws {
        let lines = String(decoding: try entry(kind).encoded, as: UTF8.self).split(separator: "\n").map(String.init)
        func refused(_ lines: [String], _ end: String = "\n") {
            let text = lines.joined(separator: "\n") + end
            #expect(throws: EvidenceError.self, "\(text)") { try LogEntry([UInt8](text.utf8)) }
        }
        refused(lines, "")
        refused(lines, "\n\n")
        refused(lines + ["more 1"])
        refused(lines.dropLast())
        refused([lines[0].lowercased()] + lines.dropFirst())
        if lines.count > 2 { refused([lines[0]] + lines.dropFirst().reversed()) }
        for index in 1..<lines.count {
            var changed = lines
            changed[index] += "\u{7f}"
            refused(changed)
            changed[index] = lines[index].replacing(" ", with: "\t", maxReplacements: 1)
            refused(changed)
        }
        refused([lines[0], "time 042"] + lines.dropFirst(2))
        refused([lines[0], "time +42"] + lines.dropFirst(2))
    }

    @Test func `a text of 1024 octets is taken and one of 1025 refused`() throws {
        let values = ["time": "1", "subject": "s"]
        for (length, taken) in [(0, false), (1, true), (1024, true), (1025, false)] {
            let detail = String(repeating: "x", count: length)
            let entry = try? LogEntry(.event, values.merging(["detail": detail]) { $1 })
            #expect((entry != nil) == taken, "\(length)")
        }
    }

    @Test func `an entry that is not UTF-8, or longer than 16 KiB, is refused`() {
        #expect(throws: EvidenceError(.malformed, in: "")) { try LogEntry([0xff, 0xfe]) }
        #expect(throws: EvidenceError(.limitExceeded, in: "")) { try LogEntry([UInt8](repeating: 10, count: 16_385)) }
    }
}
