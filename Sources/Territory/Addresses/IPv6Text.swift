/// The text forms of addresses: RFC 4291 §2.2 in, RFC 5952 out, and dotted quads.
enum IPv6Text {
    /// Longest text form: eight groups, the last two written as a dotted quad.
    private static let maximumLength = 45

    static func parse(_ text: String) -> (high: UInt64, low: UInt64)? {
        guard text.utf8.count <= maximumLength else { return nil }
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = groups(halves[0], mayEndWithQuad: halves.count == 1) else { return nil }
        var all = head
        if halves.count == 2 {
            // "::" stands for at least one group of zeros (RFC 5952 §4.2.2 asks for two when written, not when read).
            guard let tail = groups(halves[1], mayEndWithQuad: true), head.count + tail.count < 8 else { return nil }
            all += Array(repeating: 0, count: 8 - head.count - tail.count) + tail
        }
        guard all.count == 8 else { return nil }
        return (
            all[0..<4].reduce(0) { $0 << 16 | UInt64($1) }, all[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
        )
    }

    static func parseQuad(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            // A leading zero is refused: some readers take it for octal.
            guard (1...3).contains(part.utf8.count), part.utf8.count == 1 || part.first != "0",
                part.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let octet = UInt8(part)
            else { return nil }
            bits = bits << 8 | UInt32(octet)
        }
        return bits
    }

    static func quad(_ bits: UInt32) -> String {
        "\(bits >> 24).\(bits >> 16 & 0xFF).\(bits >> 8 & 0xFF).\(bits & 0xFF)"
    }

    static func format(high: UInt64, low: UInt64) -> String {
        if high == 0, low >> 32 == 0xFFFF { return "::ffff:" + quad(UInt32(truncatingIfNeeded: low)) }
        let groups = [high, low].flatMap { word in
            [48, 32, 16, 0].map { UInt16(truncatingIfNeeded: word >> UInt64($0)) }
        }
        let run = longestZeroRun(groups)
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard run.count > 1 else { return text(groups[...]) }
        return text(groups[..<run.lowerBound]) + "::" + text(groups[run.upperBound...])
    }

    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int> {
        var best = 0..<0
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start > best.count { best = start..<index }
            start = index + 1
        }
        return best
    }

    private static func groups(_ text: Substring, mayEndWithQuad: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var result: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        for (index, part) in parts.enumerated() {
            if mayEndWithQuad, index == parts.count - 1, part.contains(".") {
                guard let bits = parseQuad(part) else { return nil }
                result += [UInt16(truncatingIfNeeded: bits >> 16), UInt16(truncatingIfNeeded: bits)]
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ hexadecimalDigit($0) != nil }),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                result.append(group)
            }
        }
        return result
    }
}
