import COpenSSL

extension TLSContext {
    static func setCredentials(_ handle: OpaquePointer, _ settings: TLSSettings) throws(OpenSSLError) {
        guard !settings.certificateChain.isEmpty else { return }
        let chain = try Certificate.chain(pem: settings.certificateChain)
        guard let leaf = chain.first else { throw OpenSSLError(.certificateMalformed, "TLS certificate") }
        let key = try PrivateKey(pem: settings.privateKey)
        guard key.belongs(to: leaf) else { throw OpenSSLError(.keyMismatch, "TLS certificate") }
        let x509 = try leaf.x509()
        // Refused for its own faults alone: a key that is too short for the security level.
        guard SSL_CTX_use_certificate(handle, x509.pointer) == 1, SSL_CTX_use_PrivateKey(handle, key.key.pointer) == 1
        else { throw .libcrypto(.settingInvalid, "TLS certificate") }
        for certificate in chain.dropFirst() {
            let x509 = try certificate.x509()
            guard tls_context_add_chain(handle, x509.pointer) == 1 else {
                throw .libcrypto(.settingInvalid, "TLS certificate chain")
            }
        }
    }

    static func setTrust(
        _ handle: OpaquePointer, _ settings: TLSSettings, _ lists: [LibcryptoObject]
    ) throws(OpenSSLError) {
        SSL_CTX_set_verify_depth(handle, longestPath)
        guard settings.peerCertificate == .required else {
            SSL_CTX_set_verify(handle, SSL_VERIFY_NONE, nil)
            return
        }
        SSL_CTX_set_verify(handle, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        let anchors = try Certificate.chain(pem: settings.trustAnchors)
        guard !anchors.isEmpty, let store = SSL_CTX_get_cert_store(handle) else {
            throw OpenSSLError(.settingInvalid, "trust anchors")
        }
        for anchor in anchors {
            let x509 = try anchor.x509()
            try OpenSSLError.check(X509_STORE_add_cert(store, x509.pointer), "trust anchors")
            // A server names the authorities it accepts, so that a device with several certificates picks the right one.
            if settings.role == .server {
                try OpenSSLError.check(SSL_CTX_add_client_CA(handle, x509.pointer), "trust anchors")
            }
        }
        for list in lists { try OpenSSLError.check(X509_STORE_add_crl(store, list.pointer), "revocation lists") }
        guard !lists.isEmpty else { return }
        let flags = UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL)
        try OpenSSLError.check(X509_STORE_set_flags(store, flags), "revocation lists")
    }
}

extension RevocationList {
    /// Every list of a PEM text. Throws `.certificateMalformed` for a damaged one, and for a text without any that is
    /// not empty: a check that was asked for must not silently be none.
    static func objects(pem: [UInt8]) throws(OpenSSLError) -> [LibcryptoObject] {
        let operation = "read revocation lists"
        guard !pem.isEmpty else { return [] }
        return try MemoryBIO.reading(pem, operation) { (bio) throws(OpenSSLError) in
            var lists: [LibcryptoObject] = []
            while let list = PEM_read_bio_X509_CRL(bio, nil, nil, nil) {
                lists.append(try LibcryptoObject(list, .certificateMalformed, operation, free: { X509_CRL_free($0) }))
            }
            // The end of the text is told as "no start line"; anything else is damage.
            let error = ERR_peek_last_error()
            ERR_clear_error()
            guard !lists.isEmpty, error & 0x7F_FFFF == PEM_R_NO_START_LINE else {
                throw OpenSSLError(.certificateMalformed, operation)
            }
            return lists
        }
    }
}
