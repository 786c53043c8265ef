extension Cursor {
    @inline(__always) static func isDigit(_ octet: UInt8) -> Bool { octet &- 0x30 < 10 }

    /// A decimal number of at most 19 digits; nil, and nothing moves, when there is none or it is longer.
    @inline(__always) mutating func decimal() -> UInt64? {
        var index = position
        var value: UInt64 = 0
        while index < end, Self.isDigit(bytes[index]) {
            guard index - position < 19 else { return nil }
            value = value &* 10 &+ UInt64(bytes[index] &- 0x30)
            index += 1
        }
        guard index > position else { return nil }
        move(to: index)
        return value
    }

    /// A decimal number up to `limit`; nil, and nothing moves, otherwise.
    @inline(__always) mutating func decimal(upTo limit: UInt64) -> UInt64? {
        let start = position
        guard let value = decimal(), value <= limit else {
            move(to: start)
            return nil
        }
        return value
    }

    /// A port or another number of sixteen bits.
    @inline(__always) mutating func port() -> UInt16? { decimal(upTo: 65_535).map { UInt16(truncatingIfNeeded: $0) } }

    /// Exactly `count` digits, at most 9.
    @inline(__always) mutating func digits(_ count: Int) -> Int? {
        guard count <= 9, remaining >= count else { return nil }
        var value = 0
        for index in position..<position + count {
            guard Self.isDigit(bytes[index]) else { return nil }
            value = value &* 10 &+ Int(bytes[index] &- 0x30)
        }
        advance(count)
        return value
    }

    /// The milliseconds of a fraction such as `.123456`; 0, and nothing moves, when no fraction follows.
    @inline(__always) mutating func fractionMilliseconds() -> Int64 {
        guard current == 0x2e, Self.isDigit(peek(1)) else { return 0 }
        var index = position + 1
        var value: Int64 = 0
        var weight: Int64 = 100
        while index < end, Self.isDigit(bytes[index]) {
            value += Int64(bytes[index] &- 0x30) * weight
            weight /= 10
            index += 1
        }
        move(to: index)
        return value
    }

    @inline(__always) static func hexDigit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case 0x30...0x39: octet - 0x30
        case 0x61...0x66: octet - 0x57
        case 0x41...0x46: octet - 0x37
        default: nil
        }
    }

    /// Six pairs of hexadecimal digits between colons or hyphens; nil, and nothing moves, otherwise.
    mutating func mac() -> MACAddress? {
        guard remaining >= 17 else { return nil }
        let separator = peek(2)
        guard separator == 0x3a || separator == 0x2d else { return nil }
        var value: UInt64 = 0
        for pair in 0..<6 {
            guard let high = Self.hexDigit(peek(pair * 3)), let low = Self.hexDigit(peek(pair * 3 + 1)),
                pair == 5 || peek(pair * 3 + 2) == separator
            else { return nil }
            value = value << 8 | UInt64(high << 4 | low)
        }
        let next = peek(17)
        guard Self.hexDigit(next) == nil, next != separator else { return nil }
        advance(17)
        return MACAddress(value: value)
    }
}
