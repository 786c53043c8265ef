import COpenSSL

/// A certificate that was read, as values. Whether to trust it is another question: ``isSigned(by:)`` and the TLS
/// library answer that.
public struct Certificate: Sendable, Hashable, CustomStringConvertible {
    /// The longest DER of a certificate that is read.
    public static let longestDER = 65_536
    /// The most certificates read from one PEM file.
    public static let longestChain = 100

    /// The certificate itself.
    public let der: [UInt8]
    /// The subject as RFC 4514 writes it, with letters as they are.
    public let subject: String
    /// The last common name of the subject.
    public let commonName: String?
    /// The issuer, written as ``subject`` is.
    public let issuer: String
    /// What its issuer calls it.
    public let serial: CertificateSerial
    /// When it is good.
    public let validity: CertificateValidity
    /// The names it is for.
    public let alternativeNames: [AlternativeName]
    /// Whether it may sign certificates (basicConstraints CA).
    public let isAuthority: Bool
    /// What its extended key usage allows; nil when it has none and may be used for everything.
    public let purposes: Set<CertificatePurpose>?

    /// Reads one certificate in DER; throws `.certificateMalformed` for anything else, octets after it included.
    public init(der: [UInt8]) throws(OpenSSLError) {
        try self.init(der: der, Self.decode(der))
    }

    /// Reads the first certificate of a PEM text.
    public init(pem: [UInt8]) throws(OpenSSLError) {
        guard let first = try Self.chain(pem: pem, limit: 1).first else {
            throw OpenSSLError(.certificateMalformed, "read a certificate")
        }
        self = first
    }

    private init(der: [UInt8], _ x509: LibcryptoObject) throws(OpenSSLError) {
        let certificate = x509.pointer
        guard let serial = CertificateSerial(X509_get0_serialNumber(certificate)),
            let notBefore = CertificateTime.seconds(X509_get0_notBefore(certificate)),
            let notAfter = CertificateTime.seconds(X509_get0_notAfter(certificate))
        else { throw .libcrypto(.certificateMalformed, "read a certificate") }
        self.der = der
        self.serial = serial
        validity = CertificateValidity(notBefore: notBefore, notAfter: notAfter)
        subject = try DistinguishedName.text(X509_get_subject_name(certificate))
        issuer = try DistinguishedName.text(X509_get_issuer_name(certificate))
        commonName = DistinguishedName.commonName(X509_get_subject_name(certificate))
        alternativeNames = AlternativeName.all(of: x509)
        isAuthority = X509_check_ca(certificate) == 1
        purposes = CertificatePurpose.all(of: x509)
        // Reading extensions that are absent leaves errors behind.
        ERR_clear_error()
    }

    /// Every certificate of a PEM text, in order; none when it holds none.
    ///
    /// Throws `.certificateMalformed` for a damaged one, and for more than ``longestChain``.
    public static func chain(pem: [UInt8]) throws(OpenSSLError) -> [Certificate] {
        let chain = try chain(pem: pem, limit: longestChain + 1)
        guard chain.count <= longestChain else { throw OpenSSLError(.certificateMalformed, "read certificates") }
        return chain
    }

    private static func chain(pem: [UInt8], limit: Int) throws(OpenSSLError) -> [Certificate] {
        guard !pem.isEmpty else { return [] }
        return try MemoryBIO.reading(pem, "read certificates") { (bio) throws(OpenSSLError) in
            var chain: [Certificate] = []
            while chain.count < limit, let x509 = PEM_read_bio_X509(bio, nil, nil, nil) {
                let object = try LibcryptoObject(
                    x509, .certificateMalformed, "read certificates", free: { X509_free($0) })
                let der = try derEncoding("read certificates") { i2d_X509(x509, $0) }
                guard der.count <= longestDER else { throw OpenSSLError(.certificateMalformed, "read certificates") }
                chain.append(try Certificate(der: der, object))
            }
            // The end of the text is told as “no start line”; anything else is damage.
            let error = ERR_peek_last_error()
            ERR_clear_error()
            guard chain.count == limit || error == 0 || error & 0x7F_FFFF == PEM_R_NO_START_LINE else {
                throw OpenSSLError(.certificateMalformed, "read certificates")
            }
            return chain
        }
    }

    /// The certificate in PEM, with a line end after it.
    public var pem: [UInt8] {
        get throws(OpenSSLError) {
            let object = try x509()
            return try MemoryBIO.written("write a certificate") { PEM_write_bio_X509($0, object.pointer) }
        }
    }

    /// SHA-256 of the DER: 32 octets.
    public var fingerprint: [UInt8] { Digest.sha256(der) }

    /// Whether `authority` is an authority, bears the issuer's name, and its key signed this. Says nothing of dates.
    public func isSigned(by authority: Certificate) -> Bool {
        guard authority.isAuthority, authority.subject == issuer, let own = try? x509(),
            let other = try? authority.x509(), let key = X509_get0_pubkey(other.pointer)
        else { return false }
        defer { ERR_clear_error() }
        return X509_verify(own.pointer, key) == 1
    }

    /// Two certificates are the same when their octets are.
    public static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }

    /// Follows equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(der) }

    /// The serial alone: the subject may be a person.
    public var description: String { "Certificate(\(serial))" }

    /// libcrypto's form of it.
    func x509() throws(OpenSSLError) -> LibcryptoObject { try Self.decode(der) }

    private static func decode(_ der: [UInt8]) throws(OpenSSLError) -> LibcryptoObject {
        guard der.count <= longestDER else { throw OpenSSLError(.certificateMalformed, "read a certificate") }
        return try LibcryptoObject(
            derDecoded(der, { d2i_X509(nil, $0, $1) }, free: { X509_free($0) }), .certificateMalformed,
            "read a certificate",
            free: { X509_free($0) })
    }
}
