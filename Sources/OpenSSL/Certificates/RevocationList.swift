import COpenSSL

/// What an authority took back (RFC 5280 §5), as values. ``isSigned(by:)`` says whether the authority said so.
public struct RevocationList: Sendable, Hashable {
    /// The longest DER that is read: some 400 000 entries.
    public static let longestDER = 16 * 1_048_576

    /// Why a certificate was taken back (RFC 5280 §5.3.1).
    public enum Reason: Int, Sendable, CaseIterable {
        /// Nobody said.
        case unspecified = 0
        /// The private key may be known to others: a device was lost.
        case keyCompromise = 1
        /// The person left, or changed.
        case affiliationChanged = 3
        /// Another certificate replaced it.
        case superseded = 4
        /// Nobody needs it any more.
        case cessationOfOperation = 5
    }

    /// One certificate that is no longer good.
    public struct Entry: Sendable, Hashable {
        /// Which.
        public let serial: CertificateSerial
        /// Since when, in seconds since 1970.
        public let revokedAt: Int64
        /// Why; an unknown reason is read as ``Reason/unspecified``.
        public let reason: Reason

        /// `revokedAt` in seconds since 1970.
        public init(serial: CertificateSerial, revokedAt: Int64, reason: Reason = .unspecified) {
            (self.serial, self.revokedAt, self.reason) = (serial, revokedAt, reason)
        }
    }

    /// The list itself.
    public let der: [UInt8]
    /// The authority, written as a certificate's issuer is.
    public let issuer: String
    /// Grows with every list; nil when the authority numbers none or more than 64 bits.
    public let number: UInt64?
    /// From this update to the next one, in seconds since 1970. Readers refuse a list after its next update.
    public let validity: CertificateValidity
    /// In the list's order.
    public let entries: [Entry]
    private let serials: Set<CertificateSerial>

    /// Reads a list in DER; throws `.certificateMalformed` for anything else, a list without a next update included.
    public init(der: [UInt8]) throws(OpenSSLError) {
        let object = try Self.decode(der)
        let list = object.pointer
        guard let thisUpdate = CertificateTime.seconds(X509_CRL_get0_lastUpdate(list)),
            let nextUpdate = CertificateTime.seconds(X509_CRL_get0_nextUpdate(list))
        else { throw .libcrypto(.certificateMalformed, "read a revocation list") }
        self.der = der
        issuer = try DistinguishedName.text(X509_CRL_get_issuer(list))
        number = Self.number(of: list)
        validity = CertificateValidity(notBefore: thisUpdate, notAfter: nextUpdate)
        var entries: [Entry] = []
        for index in 0..<max(socle_revoked_count(list), 0) { entries.append(try Self.entry(list, index)) }
        self.entries = entries
        serials = Set(entries.map(\.serial))
        ERR_clear_error()
    }

    /// Reads the first list of a PEM text.
    public init(pem: [UInt8]) throws(OpenSSLError) {
        let operation = "read a revocation list"
        guard pem.count <= 2 * Self.longestDER else { throw OpenSSLError(.certificateMalformed, operation) }
        let der = try MemoryBIO.reading(pem, operation) { (bio) throws(OpenSSLError) in
            let list = try LibcryptoObject(
                PEM_read_bio_X509_CRL(bio, nil, nil, nil), .certificateMalformed, operation, free: { X509_CRL_free($0) }
            )
            return try derEncoding(operation) { i2d_X509_CRL(list.pointer, $0) }
        }
        try self.init(der: der)
    }

    /// The list in PEM, with a line end after it.
    public var pem: [UInt8] {
        get throws(OpenSSLError) {
            let object = try Self.decode(der)
            return try MemoryBIO.written("write a revocation list") { PEM_write_bio_X509_CRL($0, object.pointer) }
        }
    }

    /// Whether a certificate of this authority was taken back.
    public func contains(_ serial: CertificateSerial) -> Bool { serials.contains(serial) }

    /// Whether the key of `authority` signed this, and its name is the issuer's. Says nothing of dates.
    public func isSigned(by authority: Certificate) -> Bool {
        guard authority.isAuthority, authority.subject == issuer, let list = try? Self.decode(der),
            let other = try? authority.x509(), let key = X509_get0_pubkey(other.pointer)
        else { return false }
        defer { ERR_clear_error() }
        return X509_CRL_verify(list.pointer, key) == 1
    }

    private static func decode(_ der: [UInt8]) throws(OpenSSLError) -> LibcryptoObject {
        let operation = "read a revocation list"
        guard der.count <= longestDER else { throw OpenSSLError(.certificateMalformed, operation) }
        return try LibcryptoObject(
            derDecoded(der, { d2i_X509_CRL(nil, $0, $1) }, free: { X509_CRL_free($0) }), .certificateMalformed,
            operation,
            free: { X509_CRL_free($0) })
    }

    private static func number(of list: OpaquePointer) -> UInt64? {
        guard let raw = X509_CRL_get_ext_d2i(list, NID_crl_number, nil, nil) else { return nil }
        let integer = raw.assumingMemoryBound(to: ASN1_INTEGER.self)
        defer { ASN1_INTEGER_free(integer) }
        var number: UInt64 = 0
        return ASN1_INTEGER_get_uint64(&number, integer) == 1 ? number : nil
    }

    private static func entry(_ list: OpaquePointer, _ index: Int32) throws(OpenSSLError) -> Entry {
        guard let revoked = socle_revoked_at(list, index),
            let serial = CertificateSerial(X509_REVOKED_get0_serialNumber(revoked)),
            let instant = CertificateTime.seconds(X509_REVOKED_get0_revocationDate(revoked))
        else { throw .libcrypto(.certificateMalformed, "read a revocation list") }
        var reason = Reason.unspecified
        if let raw = X509_REVOKED_get_ext_d2i(revoked, NID_crl_reason, nil, nil) {
            let value = raw.assumingMemoryBound(to: ASN1_ENUMERATED.self)
            reason = Reason(rawValue: ASN1_ENUMERATED_get(value)) ?? .unspecified
            ASN1_ENUMERATED_free(value)
        }
        return Entry(serial: serial, revokedAt: instant, reason: reason)
    }
}
