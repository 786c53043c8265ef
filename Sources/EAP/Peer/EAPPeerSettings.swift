public import OpenSSL

/// How a peer proves who it is.
public enum EAPPeerMethod: Hashable, Sendable {
    case ttlsPAP, ttlsCHAP, ttlsMSCHAPv2
    /// An EAP method inside TTLS.
    case ttls(EAPInnerMethod)
    /// An EAP method inside PEAPv0.
    case peap(EAPInnerMethod)
    /// EAP-TLS: the proof is the certificate of the TLS settings.
    case tls

    /// The method that the server sees from outside.
    public var outer: EAPServerMethod {
        switch self {
        case .ttlsPAP, .ttlsCHAP, .ttlsMSCHAPv2, .ttls: .ttls
        case .peap: .peap
        case .tls: .tls
        }
    }
}

/// What an ``EAPPeer`` is made from.
public struct EAPPeerSettings: Sendable, CustomStringConvertible, CustomReflectable {
    /// How it proves itself.
    public var method: EAPPeerMethod
    /// What it says outside the tunnel, at most 253 octets.
    public var outerIdentity: String
    /// Who it is inside; unused in EAP-TLS.
    public var user: String
    /// The password; unused in EAP-TLS.
    public var password: String
    /// The client's TLS: with trust anchors and `verifyName`, the server's certificate is checked against both.
    public var tls: TLSContext
    /// What ``EAPPeerSuccess/resumable`` said of an earlier conversation.
    public var resuming: [UInt8]?
    /// Sends the first inner message in the same packet as TLS 1.3's Finished, as RFC 9427 §3 allows.
    public var joinsFinished = false

    /// A peer.
    public init(method: EAPPeerMethod, outerIdentity: String, user: String, password: String, tls: TLSContext) {
        (self.method, self.outerIdentity, self.user) = (method, outerIdentity, user)
        (self.password, self.tls) = (password, tls)
    }

    /// Says nothing of the account.
    public var description: String { "EAPPeerSettings(\(method))" }
    /// Empty, so that no dump shows the password.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What the caller of an ``EAPPeer`` does next.
public enum EAPPeerAction: Sendable {
    /// Send this response.
    case send([UInt8])
    /// Let in.
    case success(EAPPeerSuccess)
    /// Refused, or the server is not to be trusted.
    case failure(EAPFailureReason)
}

/// What a peer has after a Success.
public struct EAPPeerSuccess: Sendable, CustomStringConvertible, CustomReflectable {
    /// 64 octets, as the server has.
    public let msk: [UInt8]
    /// 64 octets, as the server has.
    public let emsk: [UInt8]
    /// The version of TLS.
    public let tlsVersion: TLSVersion
    /// Whether an earlier session was resumed.
    public let isResumed: Bool
    /// What to resume next time; nil when the server gave no ticket. A secret.
    public let resumable: [UInt8]?
    /// The server's certificates, its own first; none on a resumed session of TLS 1.3 without them.
    public let serverCertificates: [Certificate]

    /// Shows no key.
    public var description: String { "\(tlsVersion)\(isResumed ? ", resumed" : "")" }
    /// Empty, so that no dump shows the keys.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
