import COpenSSL

extension TLSContext {
    /// Makes tickets good only where the demands on the peer are the same (RFC 5246 §F.1.4, RFC 8446 §4.6.1).
    func bindResumption(_ settings: TLSSettings) {
        let demands = Array("\(settings.peerCertificate) \(settings.resumptionScope)\n".utf8) + settings.trustAnchors
        let scope = Digest.sha256(demands)
        SSL_CTX_set_session_id_context(handle, scope, UInt32(scope.count))
        if let ticketSealer { SSL_CTX_set_timeout(handle, ticketSealer.lifetimeSeconds) }
    }

    func installTicketCallbacks() {
        _ = tls_context_set_ticket_key(handle) { ssl, name, vector, cipher, code, seals in
            guard let session = TLSSession.of(ssl), let sealer = session.context.ticketSealer, let name, let vector,
                let cipher, let code
            else { return -1 }
            // 0 sends an empty ticket, which clients take for none.
            if seals == 1, !session.mayIssueTicket { return 0 }
            return sealer.prepare(name: name, vector: vector, cipher, code, seals: seals == 1)
        }
        SSL_CTX_set_session_ticket_cb(
            handle,
            { ssl, _ in TLSSession.of(ssl)?.storeTicketData() == true ? 1 : 0 },
            { ssl, resumed, _, _, status, _ in
                guard status == SSL_TICKET_SUCCESS || status == SSL_TICKET_SUCCESS_RENEW else {
                    return SSL_TICKET_RETURN_IGNORE_RENEW
                }
                guard let session = TLSSession.of(ssl), let resumed, session.accepts(resumed) else {
                    return SSL_TICKET_RETURN_IGNORE_RENEW
                }
                return status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE : SSL_TICKET_RETURN_USE_RENEW
            }, nil)
    }

    /// Whether a certificate that a ticket holds would still be accepted: it has not expired, and where there are
    /// revocation lists its authority has one in force and the certificate is on none. (The chain above it is not in the
    /// ticket; a trust anchor taken away changes the scope.)
    func stillAccepts(_ certificate: OpaquePointer) -> Bool {
        // 0 stands for a malformed time, a negative answer for one that is past.
        guard X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0 else { return false }
        guard !revocationLists.isEmpty else { return true }
        let issuer = X509_get_issuer_name(certificate)
        let lists = revocationLists.filter { X509_NAME_cmp(X509_CRL_get_issuer($0.pointer), issuer) == 0 }
        return lists.contains { Self.isInForce($0) }
            && !lists.contains { list in
                var entry: OpaquePointer?
                return X509_CRL_get0_by_cert(list.pointer, &entry, certificate) == 1
            }
    }

    private static func isInForce(_ list: LibcryptoObject) -> Bool {
        guard let nextUpdate = X509_CRL_get0_nextUpdate(list.pointer) else { return true }
        return X509_cmp_current_time(nextUpdate) > 0
    }
}
