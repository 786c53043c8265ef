import COpenSSL

/// The settings of TLS in the form that sessions are made from: an `SSL_CTX`. Replaced as a whole when certificates or
/// revocation lists are renewed; sessions keep the one they began with.
///
/// `@unchecked Sendable`: the `SSL_CTX` is complete when `init` returns and never changed again; libssl locks what
/// sessions of several threads share of it, and its reference count is atomic.
public final class TLSContext: @unchecked Sendable {
    /// The longest chain of certificates a peer may send: four of the largest that are in use (RSA-4096 with many
    /// names). OpenSSL's own limit is three times that.
    public static let longestChain = 32_768
    /// The most certificates between a peer's and a trust anchor.
    static let longestPath: Int32 = 8
    /// Application protocols and their lengths must fit in one extension, and have no reason to be more than this.
    static let longestProtocols = 1024

    /// Which end.
    public let role: TLSSettings.Role
    private let context: LibcryptoObject
    let demandsCertificate: Bool
    let verifyName: String?
    let requestsOCSP: Bool
    let ocspResponse: [UInt8]?
    let protocols: [UInt8]
    let ticketSealer: TLSTicketSealer?
    let revocationLists: [LibcryptoObject]

    /// Reads and checks the settings.
    ///
    /// Throws `.certificateMalformed` or `.passphraseWrong` for PEM that cannot be read, `.keyMismatch` for a key of
    /// another certificate, `.settingInvalid` for what contradicts itself or is out of range.
    public init(_ settings: TLSSettings) throws(OpenSSLError) {
        ERR_clear_error()
        try settings.validate()
        let method = settings.role == .server ? TLS_server_method() : TLS_client_method()
        let context = try LibcryptoObject(
            SSL_CTX_new(method), .operationFailed, "TLS context", free: { SSL_CTX_free($0) })
        (self.context, role) = (context, settings.role)
        (verifyName, requestsOCSP) = (settings.verifyName, settings.requestsOCSP)
        (ocspResponse, demandsCertificate) = (settings.ocspResponse, settings.peerCertificate == .required)
        protocols = try Self.wireFormat(settings.applicationProtocols)
        ticketSealer = try settings.resumption.map(TLSTicketSealer.init)
        revocationLists = try RevocationList.objects(pem: settings.revocationLists)
        try Self.configure(context.pointer, settings)
        try Self.setCredentials(context.pointer, settings)
        try Self.setTrust(context.pointer, settings, revocationLists)
        installCallbacks()
        if role == .server { bindResumption(settings) }
    }

    var handle: OpaquePointer { context.pointer }

    private static func configure(_ handle: OpaquePointer, _ settings: TLSSettings) throws(OpenSSLError) {
        let operation = "TLS parameters"
        // A client takes the tickets it is given.
        let takesTickets = settings.role == .client || settings.resumption != nil
        tls_context_set_options(handle, takesTickets ? 1 : 0, settings.middleboxCompatibility ? 1 : 0)
        tls_context_set_max_cert_list(handle, longestChain)
        SSL_CTX_set_security_level(handle, 2)
        let versions = settings.versions
        try OpenSSLError.check(
            tls_context_set_versions(
                handle, Int32(versions.lowerBound.rawValue), Int32(versions.upperBound.rawValue)), operation)
        let suites = "ECDHE+AESGCM:ECDHE+CHACHA20" + (settings.allowsCBC ? ":ECDHE+AES" : "")
        try OpenSSLError.check(SSL_CTX_set_cipher_list(handle, suites), operation)
        try OpenSSLError.check(tls_context_set_groups(handle, "X25519:P-256:P-384"), operation)
        // Tickets of TLS 1.3 go out when the session's owner says so: only then is it known what they authorize.
        try OpenSSLError.check(SSL_CTX_set_num_tickets(handle, 0), operation)
    }

    /// Each name with its length before it (RFC 7301 §3.1).
    private static func wireFormat(_ names: [String]) throws(OpenSSLError) -> [UInt8] {
        var wire: [UInt8] = []
        for name in names {
            guard let length = UInt8(exactly: name.utf8.count), length > 0 else {
                throw OpenSSLError(.settingInvalid, "application protocol")
            }
            wire += [length] + name.utf8
        }
        guard wire.count <= longestProtocols else { throw OpenSSLError(.settingInvalid, "application protocols") }
        return wire
    }
}

extension TLSSettings {
    /// The longest verified name and resumption scope, in octets.
    private static let longestName = 253, longestScope = 64

    func validate() throws(OpenSSLError) {
        let faults: [(Bool, String)] = [
            (role == .server && (certificateChain.isEmpty || privateKey.isEmpty), "a server needs a certificate"),
            (certificateChain.isEmpty != privateKey.isEmpty, "a certificate and its key go together"),
            (peerCertificate == .required && trustAnchors.isEmpty, "certificates are required and nobody is trusted"),
            (verifyName.map { !(1...Self.longestName).contains($0.utf8.count) } ?? false, "name to verify"),
            (verifyName?.utf8.contains(0) ?? false, "name to verify"),
            (resumptionScope.utf8.count > Self.longestScope, "scope of resumption"),
            (resumption.map { !$0.isValid } ?? false, "ticket keys"),
            (ocspResponse.map { !(1...TLSContext.longestChain).contains($0.count) } ?? false, "OCSP response"),
        ]
        for (isFault, operation) in faults where isFault { throw OpenSSLError(.settingInvalid, operation) }
    }
}
