public import Territory

/// A server that answers for realms of its own, or a proxy on the way to one.
public struct HomeServer: Hashable, Sendable {
    /// What we say of it in logs and metrics: letters, digits, `-`, `_` and `.`.
    public var name: String
    /// Numeric: a name server that is away must not be an outage of roaming too.
    public var address: String
    /// UDP port for authentication; nil: it does not authenticate.
    public var authenticationPort: UInt16?
    /// UDP port for accounting; nil: it takes none.
    public var accountingPort: UInt16?
    /// Shared with it.
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

    /// The port of a service.
    func port(_ service: Endpoint) -> UInt16? {
        switch service {
        case .authentication: authenticationPort
        case .accounting: accountingPort
        }
    }
}
