/// Base 32 (RFC 4648 §6) in lowercase and without padding: 8 characters for 5 octets.
public enum Base32 {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

    /// The text of `bytes`; a last partial group is filled with zero bits.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var (pending, bits): (UInt32, UInt32) = (0, 0)
        for octet in bytes {
            pending = (pending << 8 | UInt32(octet)) & 0xffff
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(alphabet[Int(pending >> bits & 31)])
            }
        }
        if bits > 0 { text.append(alphabet[Int(pending << (5 - bits) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The octets of a text of either case; nil for other characters, impossible lengths, or bits that
    /// ``encode(_:)`` would not have set (so that each value has one spelling but for case).
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var octets: [UInt8] = []
        var (pending, bits): (UInt32, UInt32) = (0, 0)
        for character in text.utf8 {
            guard let digit = value(character) else { return nil }
            pending = (pending << 5 | digit) & 0xffff
            bits += 5
            if bits >= 8 {
                bits -= 8
                octets.append(UInt8(truncatingIfNeeded: pending >> bits))
            }
        }
        guard bits < 5, pending & (1 << bits - 1) == 0 else { return nil }
        return octets
    }

    private static func value(_ character: UInt8) -> UInt32? {
        switch character {
        case 0x61...0x7a: UInt32(character - 0x61)
        case 0x41...0x5a: UInt32(character - 0x41)
        case 0x32...0x37: UInt32(character - 0x32 + 26)
        default: nil
        }
    }
}
