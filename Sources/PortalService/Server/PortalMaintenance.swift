import Foundation
import Logging
import Store
import Territory

/// What the portal does by the clock: keeps the sessions of openNDS gateways alive while their gateway is, ends those
/// whose time is over, forgets old handoffs. Every node may do it; twice is as good as once.
struct PortalMaintenance: Sendable {
    /// Between two rounds.
    static let interval: Duration = .seconds(60)
    /// After that time a browser that was to come back from its gateway will not.
    static let answerSeconds: TimeInterval = 60
    /// How long after its end a session that the gateway said nothing of is closed: openNDS looks every minute at most.
    static let graceSeconds: TimeInterval = 180
    /// How long a closed handoff is kept for a late report.
    static let keptSeconds: TimeInterval = 86_400

    let portal: Portal

    /// Rounds until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            do {
                // The one ticker of the portal: what it looks for is the passing of time, of which nothing notifies.
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
        let (backend, now, organisation) = (portal.backend, portal.clock.date(), site.organisationID)
        let heard = portal.heartbeats.since(portal.clock.instant() - .seconds(120))
        let mine = { @Sendable (handoff: PortalHandoff) in gateways.contains(handoff.draft.nasID) }
        let unanswered = try await backend.run("portal maintenance") {
            try await close(site, now: now, mine)
            for handoff in try await backend.handoffs.open(of: organisation, at: now) where mine(handoff) {
                // A gateway of level 3 that is silent may be without power: then the session ends by its silence.
                guard !handoff.draft.isFetched || heard.contains(handoff.draft.gatewayHash) else { continue }
                try await OpenNDSSessions(backend: backend).report(handoff, at: now, site: site)
            }
            try await backend.handoffs.forget(closedBefore: now.addingTimeInterval(-Self.keptSeconds), of: organisation)
            let before = now.addingTimeInterval(-Self.answerSeconds)
            return try await backend.handoffs.unanswered(of: organisation, before: before).filter(mine)
        }
        // Phones shut the login window as soon as the Internet answers, often before it has come back to us. The gateway
        // was told, so the device is in: a connection in no record would be worse than one that is in it and failed.
        for handoff in unanswered {
            try await portal.acknowledge([handoff], site: site, now: handoff.createdAt)
        }
    }

    /// Ends the sessions whose time is over and that their gateway said nothing of.
    private func close(
        _ site: PortalSite, now: Date, _ mine: @Sendable (PortalHandoff) -> Bool
    ) async throws {
        let (handoffs, organisation) = (portal.backend.handoffs, site.organisationID)
        let overdue = try await handoffs.overdue(of: organisation, at: now.addingTimeInterval(-Self.graceSeconds))
        for handoff in overdue where mine(handoff) {
            if handoff.acknowledgedAt != nil {
                try await OpenNDSSessions(backend: portal.backend).close(
                    handoff, ended: nil, cause: "Session-Timeout", at: handoff.draft.endsAt, now: now, site: site)
                PortalMetrics.closed(1)
            }
            try await handoffs.close([handoff.id], of: organisation, at: now)
        }
    }
}
