/// The two protocols that share packets and attributes; `rawValue` is the name that TLS peers agree on (ALPN).
public enum ProtocolVersion: String, Hashable, Sendable, CaseIterable {
    /// RADIUS with authenticators and MD5 (RFC 2865), over UDP, TCP, TLS or DTLS.
    case radius10 = "radius/1.0"
    /// RADIUS/1.1 (RFC 9765), over TLS or DTLS only: a token in place of the authenticator, reserved zeros in place of the
    /// identifier, no Message-Authenticator, and passwords and keys as they are.
    case radius11 = "radius/1.1"
}
