import COpenSSL

extension TLSSession {
    /// The version agreed on; nil before a server has seen the client's offer, or a client the server's answer.
    public var version: TLSVersion? {
        guard SSL_get_current_cipher(ssl) != nil || state == .established else { return nil }
        return UInt16(exactly: SSL_version(ssl)).flatMap(TLSVersion.init)
    }

    /// The cipher suite agreed on, by its name in IANA's registry.
    public var cipherSuite: String? {
        guard let cipher = SSL_get_current_cipher(ssl), let name = SSL_CIPHER_standard_name(cipher) else { return nil }
        return String(cString: name)
    }

    /// The application protocol agreed on (ALPN); nil when the peer offered or chose none.
    public var applicationProtocol: String? {
        var (name, length): (UnsafePointer<UInt8>?, UInt32) = (nil, 0)
        SSL_get0_alpn_selected(ssl, &name, &length)
        guard let name, length > 0 else { return nil }
        return String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    /// The peer's certificate, then those that vouch for it up to the trust anchor; on a resumed session the peer's
    /// alone. Empty when it showed none, when none was demanded, and for one that ``Certificate`` cannot read.
    public var peerCertificates: [Certificate] {
        defer { ERR_clear_error() }
        guard state == .established, context.demandsCertificate, let own = SSL_get0_peer_certificate(ssl),
            let leaf = Self.certificate(own)
        else { return [] }
        let chain = SSL_get0_verified_chain(ssl)
        var certificates = [leaf]
        for index in 1..<max(tls_certificate_count(chain), 1) {
            guard let next = tls_certificate_at(chain, index), let next = Self.certificate(next) else { break }
            certificates.append(next)
        }
        return certificates
    }

    private static func certificate(_ x509: OpaquePointer) -> Certificate? {
        guard let der = try? derEncoding("peer certificate", { i2d_X509(x509, $0) }) else { return nil }
        return try? Certificate(der: der)
    }

    /// For a client: the OCSP response that the server stapled, DER, unverified.
    public var stapledResponse: [UInt8]? {
        guard context.role == .client else { return nil }
        var response: UnsafePointer<UInt8>?
        let length = tls_stapled(ssl, &response)
        guard let response, length > 0 else { return nil }
        return Array(UnsafeBufferPointer(start: response, count: length))
    }

    /// What a client demands of this server, and asks for.
    func setExpectations() throws(TLSFailure) {
        if context.requestsOCSP, tls_request_status(ssl) != 1 { throw TLSFailure(.operationFailed) }
        guard let name = context.verifyName else { return }
        let parameters = SSL_get0_param(ssl)
        if X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1 { return }
        // The common name is no name of a server (RFC 6125 §6.4.4), and a wildcard is a whole label.
        let flags = UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT) | UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS)
        X509_VERIFY_PARAM_set_hostflags(parameters, flags)
        guard X509_VERIFY_PARAM_set1_host(parameters, name, 0) == 1, tls_set_server_name(ssl, name) == 1 else {
            throw TLSFailure(.operationFailed)
        }
    }

    /// Gives libssl the response to staple, in a server's callback.
    func staple() -> Int32 {
        guard let response = context.ocspResponse, tls_staple(ssl, response, response.count) == 1 else {
            return SSL_TLSEXT_ERR_NOACK
        }
        return SSL_TLSEXT_ERR_OK
    }
}
