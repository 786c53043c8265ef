internal import RADIUS

/// A Disconnect or CoA request to one NAS (RFC 5176).
struct AuthorizationCommand: Sendable {
    /// `.disconnectRequest` or `.coaRequest`.
    var code: PacketCode
    /// The NAS, with our address that it knows us by (gateways refuse others).
    var destination: PeerAddress
    var secret: [UInt8]
    /// Encoded attributes, without Message-Authenticator.
    var attributes: [UInt8]
    /// Whether the NAS understands a Message-Authenticator in it.
    var messageAuthenticator: Bool
}

/// What became of a command.
enum AuthorizationOutcome: Sendable, Hashable {
    /// The NAS did it.
    case ack
    /// The NAS refused; the Error-Cause of RFC 5176 §3.5 if it gave one.
    case nak(UInt32?)
    /// No answer within the retransmissions.
    case timeout
    /// Not sent: too many commands are under way to this NAS, the packet does not fit, or we are stopping.
    case notSent

    /// As the outbox records it.
    var text: String {
        switch self {
        case .ack: "ack"
        case .nak(let cause): cause.map { "nak:\($0)" } ?? "nak"
        case .timeout: "timeout"
        case .notSent: "not-sent"
        }
    }

    /// As the session's history and the metrics name it.
    var result: String {
        switch self {
        case .ack: "ack"
        case .nak: "nak"
        case .timeout: "timeout"
        case .notSent: "not-sent"
        }
    }

    /// The Error-Cause of a NAK.
    var errorCause: UInt32? { if case .nak(let cause) = self { cause } else { nil } }
}
