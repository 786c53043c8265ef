public import Foundation
internal import Store
internal import Territory

/// A decision as an operator watches it. It names a person and a device: nobody but the operator may see it, and it is
/// never logged.
public struct WatchedDecision: Sendable, Hashable, Codable {
    /// When it was decided.
    public var at: Date
    /// Slug of the site.
    public var site: String
    /// Name of the NAS within the site.
    public var nas: String
    /// Its number.
    public var nasID: Int64
    /// `accept`, `reject` or `drop`.
    public var result: String
    /// `pap`, `chap`, `mac`, `ttls-pap`, …
    public var method: String
    /// Why; nil for an accept.
    public var reason: String?
    /// User-Name as sent, cut after 128 octets.
    public var user: String?
    /// Canonical MAC address where it is one.
    public var station: String?
    /// From the request to the decision, in microseconds.
    public var latencyMicroseconds: Int
    /// Whether it was decided from memory while the database was away.
    public var survived: Bool

    private enum CodingKeys: String, CodingKey {
        case at, site, nas
        case nasID = "nas_id"
        case result, method, reason, user, station
        case latencyMicroseconds = "latency_microseconds"
        case survived
    }

    /// One decision.
    public init(
        at: Date, site: String, nas: String, nasID: Int64, result: String, method: String, reason: String? = nil,
        user: String? = nil, station: String? = nil, latencyMicroseconds: Int = 0, survived: Bool = false
    ) {
        (self.at, self.site, self.nas, self.nasID) = (at, site, nas, nasID)
        (self.result, self.method, self.reason) = (result, method, reason)
        (self.user, self.station) = (user, station)
        (self.latencyMicroseconds, self.survived) = (latencyMicroseconds, survived)
    }

    init(_ event: AuthenticationEvent, in snapshot: GatewaySnapshot) {
        let gateway = snapshot.find(event.nas)
        self.init(
            at: event.at, site: gateway?.site?.site.slug.rawValue ?? String(event.site.rawValue),
            nas: gateway?.nas.name ?? String(event.nas.rawValue), nasID: event.nas.rawValue,
            result: event.result.rawValue, method: event.method, reason: event.reason, user: event.userName,
            station: event.callingStation, latencyMicroseconds: Int(event.latencyMicroseconds),
            survived: event.survived)
    }
}

/// Which decisions somebody wants to see; nil: any.
public struct WatchFilter: Sendable, Hashable {
    /// Slug of a site.
    public var site: String?
    /// Name or number of a NAS.
    public var nas: String?
    /// A User-Name, in any case of its letters.
    public var user: String?
    /// A reason such as `wrong-password`, or a result: `accept`, `reject`, `drop`.
    public var reason: String?

    /// Those that all that is given holds for.
    public init(site: String? = nil, nas: String? = nil, user: String? = nil, reason: String? = nil) {
        (self.site, self.nas, self.user, self.reason) = (site, nas, user, reason)
    }

    /// Whether a decision is wanted.
    public func wants(_ decision: WatchedDecision) -> Bool {
        if let site, decision.site != site { return false }
        if let nas, decision.nas != nas, String(decision.nasID) != nas { return false }
        if let user, decision.user?.lowercased() != user.lowercased() { return false }
        if let reason, decision.reason != reason, decision.result != reason { return false }
        return true
    }
}
