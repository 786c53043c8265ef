public import OpenSSL

/// What a peer offers as proof, for the caller to judge: an account has to be found for it.
public enum InnerCredential: Sendable, CustomStringConvertible, CustomReflectable {
    /// A password in clear: PAP inside TTLS, or EAP-GTC. 1 to 256 octets without NUL.
    case pap(user: String, password: [UInt8])
    /// CHAP inside TTLS (RFC 5281 §11.2.2): `response` is MD5 of the identifier, the password and the challenge. The
    /// challenge was checked to be this tunnel's.
    case chap(user: String, identifier: UInt8, challenge: [UInt8], response: [UInt8])
    /// MS-CHAPv2 in TTLS or PEAP: answered with ``EAPVerdict/ntHash(_:cachedAuthorization:)``.
    case mschapv2(MSCHAPv2Exchange)
    /// EAP-TLS: the chain that the trust anchors vouch for, the peer's own first.
    case certificate(chain: [Certificate], identity: EAPIdentity)

    /// The kind alone.
    public var description: String {
        switch self {
        case .pap: "PAP"
        case .chap: "CHAP"
        case .mschapv2: "MS-CHAPv2"
        case .certificate: "certificate"
        }
    }

    /// Empty, so that no dump shows the password.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// A session that the peer resumed: what was authorized when its ticket was made. The caller decides whether it still is.
public struct EAPResumption: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// What the caller gave as `cachedAuthorization`.
    public let cachedAuthorization: [UInt8]
    /// EAP-TLS: the peer's certificate, which TLS found still valid and unrevoked.
    public let certificate: Certificate?
    /// The outer identity of this conversation. It may differ from the one before and proves nothing.
    public let identity: EAPIdentity

    /// Names nobody.
    public var description: String { "EAPResumption" }
    /// Empty: what was authorized may name somebody.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// The caller's answer to ``EAPAction/verify(_:)`` and ``EAPAction/resumed(_:)``.
public enum EAPVerdict: Sendable {
    /// The password, response or certificate is right and the account may come in; or the resumption stands.
    ///
    /// `cachedAuthorization`, up to 255 octets, comes back with ``EAPAction/resumed(_:)`` when the peer resumes; with nil
    /// or more octets it cannot. What a resumed session needs to be judged again: the account, the method.
    case accept(cachedAuthorization: [UInt8]?)
    /// For MS-CHAPv2: the account may come in if the peer's response was made with this hash.
    case ntHash(NTHash, cachedAuthorization: [UInt8]?)
    /// No.
    case reject
}
