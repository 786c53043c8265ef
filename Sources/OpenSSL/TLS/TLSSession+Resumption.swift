import COpenSSL

/// Resumption without a state in the server: what a ticket authorizes is sealed in it.
///
/// On TLS 1.3 a server sends a ticket when its owner calls ``TLSSession/issueTicket()``: after the inner authentication,
/// with what that authorized (RFC 9190 §2.1.2; RFC 9427 for methods with one). On TLS 1.2 the ticket is part of the handshake and goes out
/// before any inner authentication. So there a ticket is sent only if ``TLSSession/setTicketData(_:)`` was called before
/// the handshake ended: with a random handle, which the server remembers the authorization under once there is one and
/// refuses in ``TLSSession/acceptsTicketData`` until then; or with a constant, where the client's certificate (which the
/// ticket holds) says everything.
extension TLSSession {
    /// Whether an earlier session was resumed: no certificate was exchanged in this one.
    public var isResumed: Bool { state != .handshaking && SSL_session_reused(ssl) == 1 }

    /// What the resumed session's ticket had sealed in it; nil on a full handshake.
    public var resumedTicketData: [UInt8]? { isResumed ? offeredTicketData : nil }

    /// What the next ticket seals, 0…256 octets; throws `.outputTooLarge` for more, `.notSupported` for a client or a
    /// context without ticket keys. Without it, a ticket of a resumed session seals what the one before did.
    ///
    /// A ticket issued in a resumed session lives for a lifetime of its own. What must end some time after the full
    /// authentication says when in its data, and ``acceptsTicketData`` looks.
    public func setTicketData(_ data: [UInt8]) throws(TLSFailure) {
        guard context.ticketSealer != nil, context.role == .server else { throw TLSFailure(.notSupported) }
        guard data.count <= Self.longestTicketData else { throw TLSFailure(.outputTooLarge) }
        ticketData = data
    }

    /// Sends the client one ticket (TLS 1.3). Throws `.notSupported` on TLS 1.2, for a client, and for a context without
    /// ticket keys; `.notEstablished` before the handshake is done.
    public func issueTicket() throws(TLSFailure) {
        try requireOpen()
        guard context.ticketSealer != nil, context.role == .server else { throw TLSFailure(.notSupported) }
        guard state == .established else { throw TLSFailure(.notEstablished) }
        guard version == .tls13 else { throw TLSFailure(.notSupported) }
        guard pendingOutput <= Self.longestBacklog else { throw TLSFailure(.outputTooLarge) }
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard SSL_new_session_ticket(ssl) == 1, SSL_do_handshake(ssl) == 1 else {
            throw fail(.classified(ssl, fatalAlert))
        }
    }

    /// For a client: the session to resume by ``init(_:resuming:)``, once a ticket for it was received; nil before. It
    /// holds secrets. On TLS 1.3 it should be used once (RFC 8446 §C.4).
    public var resumable: [UInt8]? {
        defer { ERR_clear_error() }
        guard context.role == .client, state != .handshaking, let session = SSL_get_session(ssl),
            SSL_SESSION_is_resumable(session) == 1, SSL_SESSION_has_ticket(session) == 1
        else { return nil }
        return try? derEncoding("session") { i2d_SSL_SESSION(session, $0) }
    }

    func resume(_ octets: [UInt8]) {
        guard octets.count <= Self.longestHandshake,
            let session = derDecoded(octets, { d2i_SSL_SESSION(nil, $0, $1) }, free: { SSL_SESSION_free($0) })
        else { return }
        SSL_set_session(ssl, session)
        SSL_SESSION_free(session)
    }

    /// In libssl's callback, before a ticket is sealed: on TLS 1.2, whether there shall be one.
    var mayIssueTicket: Bool {
        SSL_version(ssl) == TLSVersion.tls13.rawValue || ticketData != nil || resumedTicketDataIsKept
    }

    private var resumedTicketDataIsKept: Bool { SSL_session_reused(ssl) == 1 && offeredTicketData != nil }

    /// In libssl's callback, while a ticket is made.
    func storeTicketData() -> Bool {
        guard let ticketData else { return true }
        return SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), ticketData, ticketData.count) == 1
    }

    /// In libssl's callback, for a ticket that one of the keys has opened.
    func accepts(_ resumed: OpaquePointer) -> Bool {
        let certificate = SSL_SESSION_get0_peer(resumed)
        if context.demandsCertificate {
            guard let certificate, context.stillAccepts(certificate) else { return false }
        }
        var (data, length): (UnsafeMutableRawPointer?, Int) = (nil, 0)
        guard SSL_SESSION_get0_ticket_appdata(resumed, &data, &length) == 1 else { return false }
        let octets = [UInt8](UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : length))
        if let acceptsTicketData, !acceptsTicketData(octets) { return false }
        offeredTicketData = octets
        return true
    }
}
