/// Base 64 (RFC 4648): the URL-safe alphabet without padding for our own tokens, and a tolerant reader for gateways.
enum Base64 {
    private static let urlSafe = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    private static let standard = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The URL-safe text of `bytes` (RFC 4648 §5), no padding.
    static func encodeURL(_ bytes: [UInt8]) -> String { encode(bytes, alphabet: urlSafe, padded: false) }

    /// The standard text of `bytes` (RFC 4648 §4), padded.
    static func encode(_ bytes: [UInt8]) -> String { encode(bytes, alphabet: standard, padded: true) }

    /// The octets of a text in either alphabet, with or without padding; a space stands for the `+` that a form decoder
    /// made of it. Nil for any other character, an impossible length, or bits left over.
    static func decode(_ text: some StringProtocol) -> [UInt8]? { decode(Array(text.utf8)) }

    /// ``decode(_:)-(StringProtocol)`` of octets.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        var digits = text[...]
        while digits.last == UInt8(ascii: "=") { digits = digits.dropLast() }
        guard text.count - digits.count <= 2 else { return nil }
        var octets: [UInt8] = []
        octets.reserveCapacity(digits.count &* 3 / 4)
        var (pending, bits): (UInt32, UInt32) = (0, 0)
        for character in digits {
            guard let digit = value(character) else { return nil }
            pending = (pending << 6 | digit) & 0xffff
            bits += 6
            if bits >= 8 {
                bits -= 8
                octets.append(UInt8(truncatingIfNeeded: pending >> bits))
            }
        }
        guard bits < 6, pending & (1 << bits - 1) == 0 else { return nil }
        return octets
    }

    private static func encode(_ bytes: [UInt8], alphabet: [UInt8], padded: Bool) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count &+ 2) / 3 &* 4)
        var (pending, bits): (UInt32, UInt32) = (0, 0)
        for octet in bytes {
            pending = (pending << 8 | UInt32(octet)) & 0xffff
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(pending >> bits & 63)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(pending << (6 - bits) & 63)]) }
        while padded, !text.count.isMultiple(of: 4) { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func value(_ character: UInt8) -> UInt32? {
        switch character {
        case 0x41...0x5a: UInt32(character - 0x41)
        case 0x61...0x7a: UInt32(character - 0x61 + 26)
        case 0x30...0x39: UInt32(character - 0x30 + 52)
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: " "): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
