import COpenSSL

/// A certificate that signs others, and its private key.
///
/// ```swift
/// let start: Int64 = 1_700_000_000
/// let authority = try CertificateAuthority.create(
///     name: "Département", validity: CertificateValidity(days: 3650, from: start))
/// let key = try PrivateKey.generate()
/// let certificate = try authority.issue(
///     .server(name: "radius.example.fr", validity: CertificateValidity(days: 397, from: start)), for: key)
/// ```
public struct CertificateAuthority: Sendable {
    /// The authority's own certificate, which devices are given to trust.
    public let certificate: Certificate
    /// What it signs with.
    public let key: PrivateKey

    /// An authority that was made before. Throws `.keyMismatch` when the certificate is no authority's, or the key is
    /// not its key.
    public init(certificate: Certificate, key: PrivateKey) throws(OpenSSLError) {
        guard certificate.isAuthority, key.belongs(to: certificate) else {
            throw OpenSSLError(.keyMismatch, "use an authority")
        }
        (self.certificate, self.key) = (certificate, key)
    }

    /// A new root: self-signed, with no authority below it (pathlen 0).
    public static func create(
        name: String, organization: String? = nil, key: PrivateKey? = nil, validity: CertificateValidity,
        serial: CertificateSerial = .random()
    ) throws(OpenSSLError) -> CertificateAuthority {
        guard DistinguishedName.isSound(name), organization.map(DistinguishedName.isSound) ?? true, validity.isSound
        else { throw OpenSSLError(.profileInvalid, "make an authority") }
        let key = if let key { key } else { try PrivateKey.generate() }
        let draft = try CertificateDraft(serial: serial, validity: validity, key: key)
        try DistinguishedName.fill(
            X509_get_subject_name(draft.object.pointer), commonName: name, organization: organization)
        try draft.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0", issuer: draft.object)
        try draft.add(NID_key_usage, "critical,keyCertSign,cRLSign", issuer: draft.object)
        try draft.add(NID_subject_key_identifier, "hash", issuer: draft.object)
        return try CertificateAuthority(
            certificate: try draft.sign(issuer: X509_get_subject_name(draft.object.pointer), key: key), key: key)
    }

    /// A certificate for the public half of `key`. Throws `.profileInvalid` for what ``CertificateProfile/validate()``
    /// refuses.
    public func issue(
        _ profile: CertificateProfile, for key: PrivateKey, serial: CertificateSerial = .random()
    ) throws(OpenSSLError) -> Certificate {
        try profile.validate()
        let issuer = try certificate.x509()
        let draft = try CertificateDraft(serial: serial, validity: profile.validity, key: key)
        try DistinguishedName.fill(
            X509_get_subject_name(draft.object.pointer), commonName: profile.commonName,
            organization: profile.organization)
        // TLS 1.2 with an RSA key exchange encrypts to the certificate's key; nothing else does.
        let usage = key.isRSA ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature"
        let purposes = CertificatePurpose.allCases.filter(profile.purposes.contains).map(\.keyword)
        try draft.add(NID_basic_constraints, "critical,CA:FALSE", issuer: issuer)
        try draft.add(NID_key_usage, usage, issuer: issuer)
        try draft.add(NID_ext_key_usage, purposes.joined(separator: ","), issuer: issuer)
        try AlternativeName.add(profile.alternativeNames, to: draft.object)
        try draft.add(NID_subject_key_identifier, "hash", issuer: issuer)
        try draft.add(NID_authority_key_identifier, "keyid:always", issuer: issuer)
        return try draft.sign(issuer: X509_get_subject_name(issuer.pointer), key: self.key)
    }
}

/// A certificate that is not signed yet.
private struct CertificateDraft {
    private static let operation = "make a certificate"
    let object: LibcryptoObject

    init(serial: CertificateSerial, validity: CertificateValidity, key: PrivateKey) throws(OpenSSLError) {
        let made = try LibcryptoObject(X509_new(), .operationFailed, Self.operation, free: { X509_free($0) })
        object = made
        // 2 is version 3.
        try OpenSSLError.check(X509_set_version(made.pointer, 2), Self.operation)
        try serial.with(Self.operation) { X509_set_serialNumber(made.pointer, $0) }
        try CertificateTime.with(validity.notBefore, Self.operation) { X509_set1_notBefore(made.pointer, $0) }
        try CertificateTime.with(validity.notAfter, Self.operation) { X509_set1_notAfter(made.pointer, $0) }
        try OpenSSLError.check(X509_set_pubkey(made.pointer, key.key.pointer), Self.operation)
    }

    func add(_ nid: Int32, _ value: String, issuer: LibcryptoObject) throws(OpenSSLError) {
        try OpenSSLError.check(socle_add_extension(object.pointer, issuer.pointer, nid, value), Self.operation)
    }

    func sign(issuer: OpaquePointer?, key: PrivateKey) throws(OpenSSLError) -> Certificate {
        try OpenSSLError.check(X509_set_issuer_name(object.pointer, issuer), Self.operation)
        guard X509_sign(object.pointer, key.key.pointer, EVP_sha256()) > 0 else {
            throw .libcrypto(.operationFailed, Self.operation)
        }
        return try Certificate(der: derEncoding(Self.operation) { i2d_X509(object.pointer, $0) })
    }
}
