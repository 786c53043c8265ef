import COpenSSL

/// One end of one TLS session: octets in, octets out, no socket.
///
/// ```swift
/// let session = try TLSSession(context)
/// try session.receive(flight)              // from the peer
/// let answer = session.takeOutput()        // to the peer, also after a failure: it may hold the fatal alert
/// if session.state == .established { let request = try session.read() }
/// ```
///
/// A client begins with ``handshake()``, a server with what it receives. One owner at a time: it is not `Sendable`, but
/// may be sent on to another thread between two calls.
public final class TLSSession {
    /// How far it is.
    public enum State: Sendable, Hashable { case handshaking, established, closed }

    /// The most octets received during a handshake. The largest there are (a chain of ``TLSContext/longestChain``, a
    /// ticket with a certificate in it, the peer's share of post-quantum hellos) stay below.
    public static let longestHandshake = 65_536
    /// The most octets received that wait to be read, and about the most to be sent that wait to be taken.
    public static let longestBacklog = 131_072
    /// The most octets sealed in a ticket by ``setTicketData(_:)``.
    public static let longestTicketData = 256
    /// The longest export of keying material.
    public static let longestExport = 1024

    /// What it was made from.
    public let context: TLSContext
    /// How far it is.
    public internal(set) var state = State.handshaking
    /// What ended it, unless it was closed in order.
    public internal(set) var failure: TLSFailure?
    /// Whether a ticket with this data, sealed by ``setTicketData(_:)`` in an earlier session, may be resumed: a server
    /// that says no does a full handshake instead. Called in the middle of ``receive(_:)``; it must not block.
    public var acceptsTicketData: (([UInt8]) -> Bool)?

    let ssl: OpaquePointer
    let input: OpaquePointer
    let output: OpaquePointer
    var fatalAlert: TLSAlert?
    var ticketData: [UInt8]?
    var offeredTicketData: [UInt8]?
    private var handshakeOctets = 0

    /// A session that has exchanged nothing yet.
    ///
    /// `resuming`: for a client, what ``resumable`` said of an earlier session; what cannot be read is ignored, and the
    /// handshake is a full one.
    public init(_ context: TLSContext, resuming: [UInt8]? = nil) throws(TLSFailure) {
        defer { ERR_clear_error() }
        guard let ssl = SSL_new(context.handle) else { throw TLSFailure(.operationFailed) }
        guard let input = BIO_new(BIO_s_mem()), let output = BIO_new(BIO_s_mem()) else {
            SSL_free(ssl)
            throw TLSFailure(.operationFailed)
        }
        // The SSL frees both.
        SSL_set_bio(ssl, input, output)
        (self.context, self.ssl, self.input, self.output) = (context, ssl, input, output)
        // From here on deinit frees the SSL, also when this throws.
        guard SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque()) == 1 else {
            throw TLSFailure(.operationFailed)
        }
        switch context.role {
        case .server: SSL_set_accept_state(ssl)
        case .client:
            SSL_set_connect_state(ssl)
            try setExpectations()
            if let resuming { resume(resuming) }
        }
    }

    deinit {
        SSL_set_ex_data(ssl, 0, nil)
        SSL_free(ssl)
    }

    /// The session an `SSL` belongs to, in a callback of libssl.
    static func of(_ ssl: OpaquePointer?) -> TLSSession? {
        guard let data = SSL_get_ex_data(ssl, 0) else { return nil }
        return Unmanaged<TLSSession>.fromOpaque(data).takeUnretainedValue()
    }

    /// Goes on with the handshake as far as the octets received allow; nothing to do once it is done.
    public func handshake() throws(TLSFailure) {
        try requireOpen()
        guard state == .handshaking else { return }
        ERR_clear_error()
        defer { ERR_clear_error() }
        let result = SSL_do_handshake(ssl)
        if result == 1 {
            state = .established
        } else if SSL_get_error(ssl, result) != SSL_ERROR_WANT_READ {
            throw fail(.classified(ssl, fatalAlert))
        }
    }

    /// Takes what the peer sent, in pieces of any size, and goes on with the handshake if it is not done.
    ///
    /// After the handshake the octets wait for ``read(upTo:)``. Throws what ended the session: then ``takeOutput(_:)``
    /// still has the fatal alert to send, if there is one.
    public func receive(_ records: UnsafeRawBufferPointer) throws(TLSFailure) {
        try requireOpen()
        if state == .handshaking {
            handshakeOctets += min(records.count, Self.longestHandshake + 1)
            guard handshakeOctets <= Self.longestHandshake else { throw fail(TLSFailure(.inputTooLarge)) }
        }
        guard records.count <= Self.longestBacklog, BIO_ctrl_pending(input) <= Self.longestBacklog - records.count
        else {
            throw fail(TLSFailure(.inputTooLarge))
        }
        if let base = records.baseAddress, let count = Int32(exactly: records.count), count > 0 {
            guard BIO_write(input, base, count) == count else { throw fail(TLSFailure(.operationFailed)) }
        }
        try handshake()
    }

    /// Takes what the peer sent, as ``receive(_:)-(UnsafeRawBufferPointer)`` does.
    public func receive(_ records: some Collection<UInt8>) throws(TLSFailure) {
        let result = records.withContiguousStorageIfAvailable { octets in
            Result { () throws(TLSFailure) in try receive(UnsafeRawBufferPointer(octets)) }
        }
        if let result { return try result.get() }
        try receive(Array(records))
    }

    /// Ends the session here: no call but ``takeOutput(_:)`` does anything any more.
    func fail(_ failure: TLSFailure) -> TLSFailure {
        state = .closed
        self.failure = failure
        return failure
    }

    func requireOpen() throws(TLSFailure) {
        if let failure { throw failure }
        if state == .closed { throw TLSFailure(.closed) }
    }

    func noteAlert(isReceived: Bool, _ value: Int32) {
        guard value >> 8 == SSL3_AL_FATAL else { return }
        fatalAlert = TLSAlert(
            direction: isReceived ? .received : .sent, isFatal: true, number: UInt8(truncatingIfNeeded: value))
    }
}
