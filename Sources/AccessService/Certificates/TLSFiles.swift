/// The PEM files that one end of TLS is made of.
public struct TLSFiles: Sendable, Hashable {
    /// Our certificate first, then those that vouch for it.
    public var certificate: String
    /// Its private key, without a passphrase.
    public var key: String
    /// The authorities that may vouch for the peer.
    public var authorities: String
    /// Their revocation lists; nil: nothing is checked for revocation. When given, each authority must have one in force.
    public var revocations: String?

    /// These files.
    public init(certificate: String, key: String, authorities: String, revocations: String? = nil) {
        (self.certificate, self.key) = (certificate, key)
        (self.authorities, self.revocations) = (authorities, revocations)
    }
}
