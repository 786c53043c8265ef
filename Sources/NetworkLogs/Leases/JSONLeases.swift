/// Finds leases in JSON (RFC 8259): each object that holds an address, at whatever depth. Of the rest nothing is kept,
/// strings are not even decoded. Depth is bounded, so that nesting costs no stack.
struct JSONLeases {
    /// Objects and arrays within one another.
    static let maximumDepth = 16

    private var cursor: Cursor

    init(_ cursor: Cursor) { self.cursor = cursor }

    /// Hands over each object that has an address, and the place where it begins; returns a fault's place.
    mutating func read(_ body: (LeaseRecord, Int) -> Void) -> Int? {
        var inObject: UInt32 = 0
        var depth = 0
        var records: [(record: LeaseRecord, start: Int)] = []
        skipBlanks()
        repeat {
            let at = cursor.position
            switch cursor.current {
            case 0x7b, 0x5b:
                guard depth < Self.maximumDepth else { return at }
                let isObject = cursor.current == 0x7b
                inObject = inObject << 1 | (isObject ? 1 : 0)
                depth += 1
                if isObject { records.append((LeaseRecord(), at)) }
                cursor.advance()
            case 0x7d, 0x5d:
                guard depth > 0, (inObject & 1 == 1) == (cursor.current == 0x7d) else { return at }
                if inObject & 1 == 1, let (record, start) = records.popLast(), !record.address.isNone {
                    body(record, start)
                }
                inObject >>= 1
                depth -= 1
                cursor.advance()
            case 0x2c, 0x3a:
                cursor.advance()
            case 0x22:
                guard let string = string() else { return at }
                skipBlanks()
                if inObject & 1 == 1, cursor.take(0x3a), let last = records.indices.last {
                    guard member(string, &records[last].record) else { return at }
                }
            default:
                guard scalar() != nil else { return at }
            }
            skipBlanks()
        } while depth > 0 && !cursor.isAtEnd
        return depth == 0 && cursor.isAtEnd ? nil : cursor.position
    }

    private mutating func skipBlanks() {
        while [0x20, 0x09, 0x0a, 0x0d].contains(cursor.current), !cursor.isAtEnd { cursor.advance() }
    }

    /// The octets between two quotes.
    private mutating func string() -> Cursor? {
        guard cursor.take(0x22) else { return nil }
        let start = cursor.position
        while !cursor.isAtEnd, cursor.current != 0x22 { cursor.advance(cursor.current == 0x5c ? 2 : 1) }
        let end = cursor.position
        return cursor.take(0x22) ? cursor.slice(start, end) : nil
    }

    /// A number, `true`, `false` or `null`, or the octets of what is none of them; nil for nothing.
    private mutating func scalar() -> Cursor? {
        let start = cursor.position
        while Cursor.isNameOctet(cursor.current) || cursor.current == 0x2b { cursor.advance() }
        return cursor.position > start ? cursor.slice(start, cursor.position) : nil
    }

    /// The value behind a name; objects and arrays are left to the caller.
    private mutating func member(_ name: Cursor, _ record: inout LeaseRecord) -> Bool {
        skipBlanks()
        if cursor.current == 0x7b || cursor.current == 0x5b { return true }
        guard var value = cursor.current == 0x22 ? string() : scalar() else { return false }
        switch FieldName(name, from: name.position, to: name.end) {
        case "ip-address", "ip", "address": record.address = value.address() ?? .none
        case "hw-address", "mac", "hwaddr": record.mac = value.mac()
        case "duid": record.mac = record.mac ?? value.duid()
        case "cltt": record.lastSeen = value.decimal()
        case "valid-lft", "valid-lifetime": record.lifetime = value.decimal()
        case "expire", "expires": record.expiry = value.decimal()
        case "state": record.state = value.decimal()
        case "ts":
            // Without a zone it would be a guess.
            if let written = value.isoTime(), written.offset != nil {
                record.time = SourceClock.utc.resolve(written, receivedAt: 0)?.milliseconds
            }
        case "event": record.happening = Self.happening(value)
        default: break
        }
        return true
    }

    /// The words dnsmasq gives to its `dhcp-script`.
    private static func happening(_ word: Cursor) -> NetworkEvent.Kind? {
        if word.isExactly("add") { return .leaseGranted }
        if word.isExactly("old") { return .leaseRenewed }
        if word.isExactly("del") { return .leaseReleased }
        return nil
    }
}
