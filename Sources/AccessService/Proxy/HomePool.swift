public import RADIUS

/// Home servers that answer for the same realms.
public struct HomePool: Hashable, Sendable {
    /// Which of them is asked.
    public enum Strategy: String, Hashable, Sendable, CaseIterable {
        /// The first that is alive, in order; the first again as soon as it is back.
        case failOver = "fail-over"
        /// Each takes its share of the devices; those of a server that is away go to the others.
        case loadBalance = "load-balance"
    }

    /// What realms name it by.
    public var name: String
    /// Which server is asked.
    public var strategy: Strategy
    /// Names of servers, in order of preference.
    public var servers: [String]
    /// What passes the border to them and back.
    public var filter: AttributeFilter
    /// Whether accounting goes to them too, after it has been stored here.
    public var forwardsAccounting: Bool
    /// Whether a Chargeable-User-Identity is asked for (RFC 4372).
    public var requestsChargeableIdentity: Bool

    /// A pool.
    public init(
        name: String, strategy: Strategy = .failOver, servers: [String], filter: AttributeFilter = .federation,
        forwardsAccounting: Bool = true, requestsChargeableIdentity: Bool = true
    ) {
        (self.name, self.strategy, self.servers, self.filter) = (name, strategy, servers, filter)
        (self.forwardsAccounting, self.requestsChargeableIdentity) = (forwardsAccounting, requestsChargeableIdentity)
    }
}
