import Foundation
import Logging
import Store
import Territory

/// What the portal does by the clock: keeps the sessions of openNDS gateways alive while their gateway is, ends those
/// whose time is over, forgets old handoffs. Every node may do it; twice is as good as once.
struct PortalMaintenance: Sendable {
    /// Between two rounds.
    static let interval: Duration = .seconds(60)
    /// Between two reports on a session that goes on.
    static let reportInterval: TimeInterval = 300
    /// How long after its end a session that the gateway said nothing of is closed: openNDS looks every minute at most.
    static let graceSeconds: TimeInterval = 180
    /// How long a closed handoff is kept for a late report.
    static let keptSeconds: TimeInterval = 86_400

    let portal: Portal

    /// Rounds until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: Self.interval)
            } catch {
                return
            }
            await round()
        }
    }

    /// One round over every organisation that has such gateways.
    func round() async {
        guard let placed = try? await portal.gateways.all() else { return }
        let counted = placed.filter { portal.equipment.isCountedByPortal($0.gateway.profile) }
        let bySite = Dictionary(grouping: counted, by: \.slug)
        for (slug, gateways) in bySite {
            guard !Task.isCancelled, let entry = try? await portal.sites.find(slug.rawValue) else { continue }
            do {
                try await round(entry.site, Set(gateways.map(\.gateway.id)))
            } catch {
                portal.logger.warning("portal maintenance: \(error)", metadata: ["site": "\(entry.site.id)"])
            }
        }
    }

    private func round(_ site: PortalSite, _ gateways: Set<NASID>) async throws {
        let (backend, now) = (portal.backend, portal.clock.date())
        let heard = portal.heartbeats.since(portal.clock.instant() - .seconds(120))
        try await backend.run("portal maintenance") {
            let sessions = OpenNDSSessions(backend: backend)
            let organisation = site.organisationID
            let mine = { (handoff: PortalHandoff) in gateways.contains(handoff.draft.nasID) }
            for handoff in try await backend.handoffs.overdue(
                of: organisation, at: now.addingTimeInterval(-Self.graceSeconds)) where mine(handoff)
            {
                if handoff.acknowledgedAt != nil {
                    try await sessions.close(
                        handoff, ended: nil, cause: "Session-Timeout", at: handoff.draft.endsAt, now: now, site: site)
                    PortalMetrics.closed(1)
                }
                try await backend.handoffs.close([handoff.id], of: organisation, at: now)
            }
            for handoff in try await backend.handoffs.open(of: organisation, at: now) where mine(handoff) {
                // A gateway of level 3 that is silent may be without power: then the session ends by its silence.
                guard !handoff.draft.isFetched || heard.contains(handoff.draft.gatewayHash) else { continue }
                try await sessions.report(handoff, at: now, site: site)
            }
            try await backend.handoffs.forget(closedBefore: now.addingTimeInterval(-Self.keptSeconds), of: organisation)
        }
    }
}
