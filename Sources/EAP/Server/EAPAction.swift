public import OpenSSL

/// What the caller of an ``EAPConversation`` does next.
public enum EAPAction: Sendable {
    /// Send this request to the peer: an Access-Challenge.
    case send([UInt8])
    /// Judge this credential, and call ``EAPConversation/answer(_:)``.
    case verify(InnerCredential)
    /// Decide whether this still holds, and call ``EAPConversation/answer(_:)``.
    case resumed(EAPResumption)
    /// The conversation is over.
    case finished(EAPOutcome)
}

/// How a conversation ended, with the packet that says so.
public enum EAPOutcome: Sendable {
    /// An Access-Accept around an EAP-Success.
    case success(EAPSuccess, packet: [UInt8])
    /// An Access-Reject around an EAP-Failure.
    case failure(EAPFailureReason, packet: [UInt8])
}

/// What a successful conversation established.
public struct EAPSuccess: Sendable, CustomStringConvertible, CustomReflectable {
    /// The method.
    public let method: EAPServerMethod
    /// 64 octets: the first 32 are MS-MPPE-Recv-Key, the others MS-MPPE-Send-Key (RFC 2548 §2.4).
    public let msk: [UInt8]
    /// 64 octets.
    public let emsk: [UInt8]
    /// The EAP Session-Id (RFC 9190 §2.3, RFC 9427 §2.1): 65 octets on TLS 1.3, nil on TLS 1.2.
    public let sessionID: [UInt8]?
    /// What the peer said outside the tunnel.
    public let outerIdentity: EAPIdentity
    /// Who proved what inside; nil for EAP-TLS and for a resumed session.
    public let innerIdentity: String?
    /// The version of TLS.
    public let tlsVersion: TLSVersion
    /// The cipher suite's name in IANA's registry.
    public let cipherSuite: String
    /// Whether an earlier session was resumed.
    public let isResumed: Bool

    /// Names nobody and no key.
    public var description: String { "\(method.rawValue) over \(tlsVersion)\(isResumed ? ", resumed" : "")" }
    /// Empty, so that no dump shows the keys.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why a conversation ended in a Failure.
public enum EAPFailureReason: Hashable, Sendable, CustomStringConvertible {
    /// The peer's Nak lists none of our methods.
    case noCommonMethod
    /// The peer's inner Nak lists none of our inner methods, or it sent a credential that is not offered.
    case noCommonInnerMethod
    /// The caller said no.
    case refused
    /// The MS-CHAPv2 response was not made with the hash the caller gave.
    case passwordWrong
    /// The peer did not accept our proof or result, or closed the tunnel.
    case refusedByPeer
    /// TLS failed; `alertReceived` when the peer ended it, often because it does not trust our certificate.
    case tls(TLSFailure.Code)
    /// The peer sent inside the tunnel what cannot be read or may not come then.
    case malformed(EAPError.Code)
    /// More than ``EAPLimits/maximumRounds``.
    case tooManyRounds

    /// A name to count it under: `passwordWrong`, `tls.alertReceived`.
    public var description: String {
        switch self {
        case .noCommonMethod: "noCommonMethod"
        case .noCommonInnerMethod: "noCommonInnerMethod"
        case .refused: "refused"
        case .passwordWrong: "passwordWrong"
        case .refusedByPeer: "refusedByPeer"
        case .tls(let code): "tls.\(code.rawValue)"
        case .malformed(let code): "malformed.\(code.rawValue)"
        case .tooManyRounds: "tooManyRounds"
        }
    }
}
