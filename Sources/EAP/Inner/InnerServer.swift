/// The server's side of what happens inside a tunnel.
protocol InnerServer {
    /// Who the peer says it is in there; nil until it has.
    var identity: String? { get }
    /// Whether the peer has proven itself: from then on it may have a ticket.
    var isProven: Bool { get }
    /// The tunnel stands and the peer has sent nothing through it.
    mutating func begin() throws(EAPError) -> InnerStep
    /// The peer sent this; empty when it acknowledges.
    mutating func receive(_ plaintext: [UInt8]) throws(EAPError) -> InnerStep
    /// The caller answers what was asked of it.
    mutating func answer(_ verdict: EAPVerdict) throws(EAPError) -> InnerStep
    /// The caller lets a resumed session stand, on TLS 1.2.
    mutating func resume() -> InnerStep
}

/// What follows from an event inside the tunnel.
enum InnerStep {
    /// Nothing to say: the peer's turn.
    case wait
    /// Send this.
    case send([UInt8])
    /// Ask the caller.
    case verify(InnerCredential)
    /// Let the peer in.
    case accept
    /// Refuse it.
    case reject(EAPFailureReason)
}
