/// Where the daemon listens, once it does.
public struct BoundAddress: Sendable, Hashable {
    /// Numeric.
    public let address: String
    /// UDP port for authentication.
    public let authenticationPort: UInt16
    /// UDP port for accounting.
    public let accountingPort: UInt16
    /// TCP port for RADIUS over TLS; nil: it is not served.
    public internal(set) var radSecPort: UInt16?
}
