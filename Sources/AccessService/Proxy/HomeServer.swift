public import Territory

/// A server that answers for realms of its own, or a proxy on the way to one.
public struct HomeServer: Hashable, Sendable {
    /// What we say of it in logs and metrics: letters, digits, `-`, `_` and `.`.
    public var name: String
    /// Over UDP numeric: a name server that is away must not be an outage of roaming too. Over TLS a name will do, which is
    /// asked for when a connection is made.
    public var address: String
    /// UDP port for authentication; nil: it does not authenticate.
    public var authenticationPort: UInt16?
    /// UDP port for accounting; nil: it takes none.
    public var accountingPort: UInt16?
    /// How it is reached over TLS, for both services; nil: it is reached over UDP.
    public var tls: HomeServerTLS?
    /// Shared with it. Over TLS it is no secret, and the same for all (RFC 6614 §2.3).
    public var secret: Secret
    /// Whether it answers Status-Server (RFC 5997). Without, a dead server is tried again after a while, with logins.
    public var answersStatus: Bool
    /// Whether replies to logins without Message-Authenticator are refused (BlastRADIUS, CVE-2024-3596).
    public var requiresMessageAuthenticator: Bool

    /// A server with the usual ports.
    public init(
        name: String, address: String, authenticationPort: UInt16? = 1812, accountingPort: UInt16? = 1813,
        secret: Secret, answersStatus: Bool = true, requiresMessageAuthenticator: Bool = true
    ) {
        (self.name, self.address, self.secret) = (name, address, secret)
        (self.authenticationPort, self.accountingPort) = (authenticationPort, accountingPort)
        (self.answersStatus, self.requiresMessageAuthenticator) = (answersStatus, requiresMessageAuthenticator)
    }

    /// A server that is reached over TLS, where forging a reply is not what a signature is needed against.
    public init(name: String, address: String, tls: HomeServerTLS, answersStatus: Bool = true) {
        self.init(
            name: name, address: address, authenticationPort: nil, accountingPort: nil,
            secret: Secret(GatewayState.streamSecretOctets), answersStatus: answersStatus,
            requiresMessageAuthenticator: false)
        self.tls = tls
    }

    /// The port of a service.
    func port(_ service: Endpoint) -> UInt16? {
        if let tls { return tls.port }
        switch service {
        case .authentication: return authenticationPort
        case .accounting: return accountingPort
        }
    }
}
