/// A field's name of at most sixteen octets as a number, so that a `switch` over names compares numbers.
struct FieldName: Equatable {
    private let bits: UInt128

    /// The name of a constant.
    @inline(__always) init(_ text: StaticString) {
        var bits: UInt128 = 0
        for index in 0..<text.utf8CodeUnitCount { bits = bits << 8 | UInt128(text.utf8Start[index]) }
        self.bits = bits
    }

    /// The name between two places of a cursor; longer ones equal no constant.
    @inline(__always) init(_ cursor: Cursor, from start: Int, to end: Int) {
        bits = Self.bits(cursor, from: start, to: end, lowercasing: false)
    }

    /// The same, in lower case.
    @inline(__always) init(lowercased cursor: Cursor, from start: Int, to end: Int) {
        bits = Self.bits(cursor, from: start, to: end, lowercasing: true)
    }

    @inline(__always) private static func bits(
        _ cursor: Cursor, from start: Int, to end: Int, lowercasing: Bool
    ) -> UInt128 {
        guard end - start <= 16 else { return 0 }
        var bits: UInt128 = 0
        var index = start
        while index < end {
            let octet = cursor.octet(at: index)
            bits = bits << 8 | UInt128(lowercasing && octet &- 0x41 < 26 ? octet | 0x20 : octet)
            index += 1
        }
        return bits
    }

    @inline(__always) static func ~= (text: StaticString, name: FieldName) -> Bool { FieldName(text) == name }
}
