internal import RADIUS

/// A request for a home server, under way or waiting for a connection.
struct ForwardedRequest {
    /// What it is for.
    enum Purpose {
        case login(ProxySubmission)
        case record(ProxySubmission, RetransmissionTimer)
        case probe
    }

    /// What was sent last.
    struct Transmission {
        let signed: SignedRequest
        /// What its answer is read as.
        let version: ProtocolVersion
        /// Tells it from other transmissions over connections; without meaning over UDP.
        let number: UInt64
        /// Whether a connection still waits for its answer; without meaning over UDP.
        var isUnderway = false
    }

    var purpose: Purpose
    /// The serial of our Proxy-State in it.
    let serial: UInt32
    /// Monotonic nanoseconds of when it was given to this server.
    let sentAt: UInt64
    /// When nothing is waited for any more.
    let expiresAt: UInt64
    /// nil: nothing has been sent so far.
    var transmission: Transmission?
    /// Whether the response window has passed without a reply.
    var isOverdue = false
}
