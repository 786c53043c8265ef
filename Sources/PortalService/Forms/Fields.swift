/// The fields of a query string or of an `application/x-www-form-urlencoded` body, decoded and bounded.
///
/// The first value of a name wins, as a gateway writes its own parameters before anything a visitor could append.
struct Fields: Sendable, Equatable {
    /// Octets of a query string: openNDS level 2 puts up to 8 KiB of base64 there, with the address first asked for.
    static let maximumQueryOctets = 12 * 1024
    /// Octets of a form.
    static let maximumFormOctets = 16 * 1024
    /// Fields of one query or form.
    static let maximumCount = 64
    /// Octets of a field's name.
    static let maximumNameOctets = 64

    private var values: [String: String] = [:]

    /// No field.
    init() {}

    /// Reads `text` (`name=value&name=value`).
    ///
    /// Throws `.tooLarge` above `limit` octets and `.malformedRequest` for bad percent encoding, octets that are not
    /// UTF-8, a NUL, a long name or too many fields.
    init(parsing text: some StringProtocol, limit: Int = Self.maximumQueryOctets) throws(PortalError) {
        try self.init(octets: Array(text.utf8), limit: limit)
    }

    /// Reads the octets of a body; see ``init(parsing:limit:)``.
    init(octets: [UInt8], limit: Int = Self.maximumFormOctets) throws(PortalError) {
        guard octets.count <= limit else { throw PortalError(.tooLarge, "more than \(limit) octets of fields") }
        var count = 0
        for pair in octets.split(separator: UInt8(ascii: "&")) {
            count += 1
            guard count <= Self.maximumCount else { throw PortalError(.malformedRequest, "too many fields") }
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = try Self.decode(pair[..<equals])
            guard name.utf8.count <= Self.maximumNameOctets else {
                throw PortalError(.malformedRequest, "a field's name is too long")
            }
            let value = equals < pair.endIndex ? try Self.decode(pair[(equals + 1)...]) : ""
            if values[name] == nil { values[name] = value }
        }
    }

    /// The value of a field; nil where the field is absent.
    subscript(name: String) -> String? { values[name] }

    /// The value of a field that is present and not empty.
    func filled(_ name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    private static func decode(_ octets: ArraySlice<UInt8>) throws(PortalError) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(octets.count)
        var rest = octets
        while let octet = rest.popFirst() {
            switch octet {
            case UInt8(ascii: "+"):
                decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    throw PortalError(.malformedRequest, "bad percent encoding")
                }
                decoded.append(high << 4 | low)
            case 0:
                throw PortalError(.malformedRequest, "a NUL in a field")
            default:
                decoded.append(octet)
            }
        }
        guard !decoded.contains(0), let text = String(validating: decoded, as: UTF8.self) else {
            throw PortalError(.malformedRequest, "a field is not UTF-8 text")
        }
        return text
    }

    private static func digit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case 0x30...0x39: octet - 0x30
        case 0x41...0x46: octet - 0x41 + 10
        case 0x61...0x66: octet - 0x61 + 10
        default: nil
        }
    }
}
