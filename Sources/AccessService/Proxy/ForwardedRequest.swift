internal import RADIUS

/// A request under way to a home server.
struct ForwardedRequest {
    /// What it is for.
    enum Purpose {
        case login(ProxySubmission)
        case record(ProxySubmission, RetransmissionTimer)
        case probe
    }

    var purpose: Purpose
    let signed: SignedRequest
    /// The serial of our Proxy-State in it.
    let serial: UInt32
    /// Monotonic nanoseconds of the first transmission to this server.
    let sentAt: UInt64
    /// When nothing is waited for any more.
    let expiresAt: UInt64
    /// Whether the response window has passed without a reply.
    var isOverdue = false
}
