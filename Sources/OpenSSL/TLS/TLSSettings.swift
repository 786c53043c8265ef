/// What one end of TLS is configured with, and what it demands of the other.
///
/// Fixed in every context: key exchange is ephemeral (X25519, P-256, P-384); OpenSSL's security level is 2 (RSA from 2048
/// bits, no SHA-1 signature); no early data, renegotiation or compression; certificates are checked for their purpose
/// (serverAuth of a server, clientAuth of a client, where they carry an extended key usage).
public struct TLSSettings: Sendable, CustomStringConvertible, CustomReflectable {
    /// Which end.
    public enum Role: Sendable { case server, client }

    /// Whether the peer must show a certificate that the trust anchors vouch for.
    public enum PeerCertificatePolicy: Sendable {
        /// None is asked for, and as a client the server's is not checked: for tests and probes alone.
        case none
        /// Without a valid one the handshake fails.
        case required
    }

    /// Which end.
    public var role: Role
    /// Our certificate first, then the intermediate ones, as PEM. A server must have one.
    public var certificateChain: [UInt8] = []
    /// The private key of our certificate, as PEM without a passphrase.
    public var privateKey: [UInt8] = []
    /// The certificates of the authorities that may vouch for the peer, as PEM. Nobody else is trusted: not the system's.
    public var trustAnchors: [UInt8] = []
    /// Revocation lists as PEM. When there are any, every authority of the peer's chain must have one that is in force,
    /// and no certificate of the chain may be on it.
    public var revocationLists: [UInt8] = []
    /// What is demanded of the peer.
    public var peerCertificate: PeerCertificatePolicy
    /// For a client: the DNS name or IP address that the server's certificate must have as a subject alternative name.
    /// A DNS name is also sent as the server name indication. Nil checks the chain alone.
    public var verifyName: String?
    /// The versions offered or accepted.
    public var versions: ClosedRange<TLSVersion> = .tls12 ... .tls13
    /// ALPN (RFC 7301), the preferred first. A server takes its first that the peer offers; a peer that offers others
    /// only is refused (§3.2), and one that offers none has none.
    public var applicationProtocols: [String] = []
    /// On TLS 1.2, whether AES-CBC with HMAC is accepted after the AEAD suites: the phones and embedded supplicants of
    /// 2014 have nothing else. Key exchange stays ephemeral.
    public var allowsCBC = true
    /// The dummy records of RFC 8446 appendix D.4, for middleboxes on TCP. EAP has none and saves the octets.
    public var middleboxCompatibility = true
    /// A server's OCSP response, DER, to staple to its certificate for clients that ask (RFC 6066 §8).
    public var ocspResponse: [UInt8]?
    /// For a client: asks the server for a stapled response (``TLSSession/stapledResponse``).
    public var requestsOCSP = false
    /// For a server: the keys of session tickets; nil turns resumption off, tickets of TLS 1.3 included.
    public var resumption: TLSTicketKeys?
    /// Tickets are good only where this is equal, 0…64 octets: a session authorized by a password inside TTLS must not
    /// be resumed as one authorized by a certificate. Trust anchors and the peer policy are bound in as well.
    public var resumptionScope = ""

    /// Nothing but the role; a client then demands a certificate, a server does not.
    public init(role: Role) {
        self.role = role
        peerCertificate = role == .client ? .required : .none
    }

    /// Says nothing of keys and names.
    public var description: String { "TLSSettings(\(role))" }
    /// Empty, so that no dump shows the private key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
