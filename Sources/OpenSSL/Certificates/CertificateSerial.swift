import COpenSSL

/// What an authority calls a certificate: a positive integer of at most 20 octets (RFC 5280 §4.1.2.2).
public struct CertificateSerial: Sendable, Hashable, CustomStringConvertible {
    /// The longest serial, in octets.
    public static let longest = 20

    /// Big-endian, without leading zeros.
    public let octets: [UInt8]

    /// Nil for zero, and for more than 20 octets after leading zeros.
    public init?(octets: some Sequence<UInt8>) {
        let trimmed = Array(octets.drop { $0 == 0 })
        guard (1...Self.longest).contains(trimmed.count) else { return nil }
        self.octets = trimmed
    }

    /// Hexadecimal digits of either case, with or without colons; nil for anything else.
    public init?(_ text: String) {
        guard text.utf8.count <= 3 * Self.longest else { return nil }
        let digits = text.filter { $0 != ":" }
        guard let octets = Hex.decode(digits.count % 2 == 0 ? digits : "0" + digits) else { return nil }
        self.init(octets: octets)
    }

    /// 127 random bits and a leading one: nobody can guess it, and it always has 16 octets.
    public static func random() -> CertificateSerial {
        var octets = SecureRandom.bytes(16)
        octets[0] = octets[0] & 0x3f | 0x40
        return CertificateSerial(fixed: octets)
    }

    private init(fixed octets: [UInt8]) { self.octets = octets }

    /// Lowercase hexadecimal.
    public var description: String { Hex.encode(octets) }

    init?(_ integer: UnsafePointer<ASN1_INTEGER>?) {
        guard let integer, ASN1_STRING_type(integer) == V_ASN1_INTEGER, let data = ASN1_STRING_get0_data(integer) else {
            return nil
        }
        self.init(octets: UnsafeBufferPointer(start: data, count: Int(max(ASN1_STRING_length(integer), 0))))
    }

    /// Runs `body` with libcrypto's form of it.
    func with(_ operation: String, _ body: (UnsafeMutablePointer<ASN1_INTEGER>) -> Int32) throws(OpenSSLError) {
        guard let integer = ASN1_INTEGER_new() else { throw .libcrypto(.operationFailed, operation) }
        defer { ASN1_INTEGER_free(integer) }
        try OpenSSLError.check(ASN1_STRING_set(integer, octets, Int32(octets.count)), operation)
        try OpenSSLError.check(body(integer), operation)
    }
}
