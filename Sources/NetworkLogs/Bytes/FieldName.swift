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
        guard end - start <= 16 else {
            bits = 0
            return
        }
        var bits: UInt128 = 0
        var index = start
        while index < end {
            bits = bits << 8 | UInt128(cursor.octet(at: index))
            index += 1
        }
        self.bits = bits
    }

    /// The same, in lower case.
    @inline(__always) init(lowercased cursor: Cursor, from start: Int, to end: Int) {
        guard end - start <= 16 else {
            bits = 0
            return
        }
        var bits: UInt128 = 0
        var index = start
        while index < end {
            let octet = cursor.octet(at: index)
            bits = bits << 8 | UInt128(octet &- 0x41 < 26 ? octet | 0x20 : octet)
            index += 1
        }
        self.bits = bits
    }

    @inline(__always) static func ~= (text: StaticString, name: FieldName) -> Bool { FieldName(text) == name }
}
