public import RADIUS

/// Which logins are answered elsewhere, and where.
public struct ProxyConfiguration: Sendable {
    /// Home servers.
    public var servers: [HomeServer]
    /// Pools of them.
    public var pools: [HomePool]
    /// Realms; see ``RealmRule``.
    public var realms: [RealmRule]
    /// Told to the home server unless the request says already (RFC 5580 §4.1).
    public var operatorName: OperatorName?
    /// When a server counts as dead, and as alive again.
    public var liveness: LivenessParameters
    /// UDP sockets for one service of one server, each of 256 requests under way.
    public var socketsPerServer = 16
    /// Bounds and deadlines of the connections to servers that are reached over TLS.
    public var connectionLimits = RadSecLimits()
    /// The first and the longest wait before a connection is tried again; each is twice the one before.
    public var connectionBackoff: (first: Duration, longest: Duration) = (.milliseconds(500), .seconds(60))
    /// Requests that may wait for the proxy's thread.
    public var capacity = 8192
    /// Proxy-States a request may arrive with: each is a proxy it has passed. More is a circle of others.
    public var maximumHops = 10

    /// These realms, these servers.
    public init(
        servers: [HomeServer], pools: [HomePool], realms: [RealmRule], operatorName: OperatorName? = nil,
        liveness: LivenessParameters = LivenessParameters()
    ) {
        (self.servers, self.pools, self.realms) = (servers, pools, realms)
        (self.operatorName, self.liveness) = (operatorName, liveness)
    }
}
