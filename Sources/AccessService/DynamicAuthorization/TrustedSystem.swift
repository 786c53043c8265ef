public import Territory

/// A system that may have sessions ended and changed by RADIUS (RFC 5176), whatever site they are at.
public struct TrustedSystem: Sendable, Hashable {
    /// Where its requests come from.
    public var source: IPPrefix
    /// What it shares with us.
    public var secret: Secret

    /// A system at these addresses.
    public init(source: IPPrefix, secret: Secret) { (self.source, self.secret) = (source, secret) }
}

/// Where trusted systems may ask, and which.
public struct AuthorizationListening: Sendable, Hashable {
    /// A numeric address.
    public var address: String
    /// UDP port; 0 lets the kernel choose. RFC 5176 §2.1 has 3799.
    public var port: UInt16
    /// Who may ask; of several that fit the longest prefix.
    public var systems: [TrustedSystem]

    /// Listening there for these systems.
    public init(address: String, port: UInt16 = 3799, systems: [TrustedSystem]) {
        (self.address, self.port, self.systems) = (address, port, systems)
    }
}
