extension Cursor {
    /// An IPv4 address in dotted decimal; nil, and nothing moves, otherwise. A fifth part is refused.
    @inline(__always) mutating func ipv4() -> UInt32? {
        var index = position
        var address: UInt32 = 0
        for part in 0..<4 {
            var value: UInt32 = 0
            var count = 0
            while count < 3, Self.isDigit(octet(at: index)) {
                value = value * 10 + UInt32(octet(at: index) &- 0x30)
                (index, count) = (index + 1, count + 1)
            }
            guard count > 0, value <= 255, !Self.isDigit(octet(at: index)) else { return nil }
            address = address << 8 | value
            if part < 3 {
                guard octet(at: index) == 0x2e else { return nil }
                index += 1
            }
        }
        // A dot may end a sentence, but not begin a fifth part.
        guard octet(at: index) != 0x2e || !Self.isDigit(octet(at: index + 1)) else { return nil }
        move(to: index)
        return address
    }

    /// An IPv4 or IPv6 address; nil, and nothing moves, otherwise.
    @inline(__always) mutating func address() -> NetworkAddress? {
        if let address = ipv4() { return NetworkAddress(ipv4: address) }
        return ipv6()
    }

    /// An IPv6 address (RFC 4291 §2.2), without brackets; a zone (`%eth0`) is passed over.
    mutating func ipv6() -> NetworkAddress? {
        var scan = self
        var text = IPv6Groups()
        if scan.starts(with: "::") {
            scan.advance(2)
            text.markGap()
        }
        while text.count < 8 {
            if text.count <= 6, let embedded = scan.ipv4() {
                text.append(UInt16(embedded >> 16))
                text.append(UInt16(embedded & 0xffff))
                break
            }
            guard let group = scan.hexGroup() else { break }
            text.append(group)
            guard scan.current == 0x3a else { break }
            if scan.peek(1) == 0x3a {
                guard !text.hasGap else { return nil }
                scan.advance(2)
                text.markGap()
            } else if text.count < 8, Self.hexDigit(scan.peek(1)) != nil {
                scan.advance()
            } else {
                break
            }
        }
        guard let address = text.address else { return nil }
        if scan.current == 0x25 { scan.skipZone() }
        self = scan
        return address
    }

    /// One to four hexadecimal digits.
    private mutating func hexGroup() -> UInt16? {
        var value: UInt16 = 0
        var count = 0
        while count < 4, let digit = Self.hexDigit(peek(count)) {
            value = value << 4 | UInt16(digit)
            count += 1
        }
        guard count > 0, Self.hexDigit(peek(count)) == nil else { return nil }
        advance(count)
        return value
    }

    private mutating func skipZone() {
        advance()
        while !isAtEnd, Self.isNameOctet(current) { advance() }
    }

    @inline(__always) static func isNameOctet(_ octet: UInt8) -> Bool {
        isDigit(octet) || (octet | 0x20) &- 0x61 < 26 || octet == 0x2d || octet == 0x2e || octet == 0x5f
    }
}

/// The groups of an IPv6 address read so far; eight of them without a heap.
private struct IPv6Groups {
    private(set) var count = 0
    private var high: UInt64 = 0
    private var low: UInt64 = 0
    private var gap = -1

    var hasGap: Bool { gap >= 0 }

    mutating func markGap() { gap = count }

    mutating func append(_ group: UInt16) {
        (high, low) = (high << 16 | low >> 48, low << 16 | UInt64(group))
        count += 1
    }

    /// The address once the gap is filled; nil when groups are missing or too many.
    var address: NetworkAddress? {
        guard hasGap else { return count == 8 ? NetworkAddress(ipv6High: high, low: low) : nil }
        guard count < 8 else { return nil }
        let bits = UInt128(high) << 64 | UInt128(low)
        let tail = UInt128(16 * (count - gap))
        let tailMask: UInt128 = tail == 0 ? 0 : UInt128.max >> (128 - tail)
        let head = gap == 0 ? 0 : (bits >> tail) << UInt128(16 * (8 - gap))
        let whole = head | bits & tailMask
        return NetworkAddress(
            ipv6High: UInt64(truncatingIfNeeded: whole >> 64), low: UInt64(truncatingIfNeeded: whole))
    }
}
