internal import OpenSSL

/// A voucher's code: ten characters that a person reads from paper and types on a phone.
///
/// The alphabet has no letter that looks like a digit (no 0 O 1 I L) and no U; 30^10 codes are 49 bits, so the portal
/// limits the rate of attempts. The code itself is never stored and is in no description.
public struct VoucherCode: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// Characters of a code.
    public static let length = 10
    private static let alphabet = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// The canonical text: ten characters, upper case, no separator.
    public let canonical: String

    /// What somebody typed: case, spaces, dashes, dots and underscores do not matter. Nil when the rest is no code.
    public init?(typed text: some StringProtocol) {
        var characters: [UInt8] = []
        characters.reserveCapacity(Self.length)
        for scalar in text.unicodeScalars where !Self.separates(scalar) {
            guard characters.count < Self.length, scalar.isASCII else { return nil }
            let octet = UInt8(truncatingIfNeeded: scalar.value)
            let upper = (0x61...0x7a).contains(octet) ? octet - 0x20 : octet
            guard Self.alphabet.contains(upper) else { return nil }
            characters.append(upper)
        }
        guard characters.count == Self.length else { return nil }
        canonical = String(decoding: characters, as: UTF8.self)
    }

    private init(characters: [UInt8]) { canonical = String(decoding: characters, as: UTF8.self) }

    /// A code that nobody can guess.
    public static func random() -> VoucherCode {
        var characters: [UInt8] = []
        while characters.count < length {
            // 240 is the largest multiple of 30 in an octet: beyond it some characters would come more often.
            for octet in SecureRandom.bytes(length) where octet < 240 && characters.count < length {
                characters.append(alphabet[Int(octet) % alphabet.count])
            }
        }
        return VoucherCode(characters: characters)
    }

    /// The text for paper and screens: `XXXXX-XXXXX`.
    public var display: String { "\(canonical.prefix(5))-\(canonical.suffix(5))" }

    /// Says nothing about the code.
    public var description: String { "VoucherCode(redacted)" }
    /// Says nothing about the code.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Spaces of all kinds, dashes of all kinds (phones replace them), dots and underscores.
    ///
    /// Nearly all that is typed is ASCII, and Unicode's tables cost more than all the rest of reading a code.
    private static func separates(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "-", ".", "_", "\t"..."\r": true
        case _ where scalar.isASCII: false
        default: scalar.properties.isWhitespace || scalar.properties.isDash
        }
    }
}
