import Foundation
import Store
import Territory

/// The captive portal API for one device (RFC 8908).
extension Portal {
    /// Tells the device at the request's address whether it is captive.
    ///
    /// A device is known by the session at its address. What to say to one that is not known:
    ///
    /// - From a private address that is no gateway's, it is on the site's network, untranslated, and has no session: it is
    ///   captive, and that is what this interface is for.
    /// - From any other address (a gateway that translates, the open Internet) nobody can tell one visitor from another.
    ///   `captive: true` would have the phones of visitors who are in show the portal again and again, and would be wrong
    ///   on a network that is not captive at all; `false` costs nothing, as a phone goes on to find out by its own probe.
    func capport(_ visitor: Visitor) async throws(PortalError) -> PortalReply {
        try spend(limits.lookups, visitor.client(visitor.request.address))
        let origin = configuration.publicOrigin ?? visitor.request.origin
        let portal = origin.map { "\($0)/\(visitor.site.slug)" }
        var state = CaptiveState(captive: isOnSite(visitor))
        state.userPortalURL = portal
        state.venueInfoURL = portal.map { "\($0)/terms" }
        if let held = try await visitByAddress(visitor),
            let remaining = try await remaining(held.visit, visitor.site, now: clock.date(), live: true)
        {
            state = CaptiveState(
                captive: false, userPortalURL: portal.map { "\($0)/status" },
                venueInfoURL: portal.map { "\($0)/terms" },
                secondsRemaining: remaining.seconds, bytesRemaining: remaining.octets, canExtendSession: true)
        }
        return .json(state.json, type: CaptiveState.mediaType)
    }

    /// Whether a request can only come from a device on the site's own network.
    private func isOnSite(_ visitor: Visitor) -> Bool {
        guard let address = IPAddress(visitor.request.address)?.unmapped, GatewayHost.isPrivate(address.bytes) else {
            return false
        }
        return !visitor.entry.gateways.contains { $0.source?.contains(address) == true }
    }
}
