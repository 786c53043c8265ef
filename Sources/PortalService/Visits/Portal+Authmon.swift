import Foundation
import Logging
import Store
import Territory

/// What openNDS gateways ask and report (FAS level 3), whichever portal node they reach.
extension Portal {
    /// A login that a gateway has not fetched after that time is given up: the visitor's page said so before.
    static let waitingSeconds: TimeInterval = 120

    /// Answers a gateway's authmon; `site` is nil when its path names none.
    func authmon(_ request: PortalRequest, site: SiteEntry?) async throws(PortalError) -> PortalReply {
        try spend(limits.gateways, request.address)
        guard let asked = try AuthmonRequest(try Fields(octets: request.body)) else {
            throw PortalError(.malformedRequest, "no form of a gateway")
        }
        guard let caller = try await caller(request, hash: asked.gatewayHash, site: site) else { return .text("*") }
        switch asked.action {
        case .custom:
            PortalMetrics.gateway("custom")
            return .text("ack")
        case .clear: return try await clear(caller)
        case .view: return try await list(caller, forget: false)
        case .list: return try await list(caller, forget: true)
        case .acknowledge(let tokens): return try await acknowledge(tokens, caller)
        case .ended(let ended): return try await end(ended, caller)
        }
    }

    private struct Caller: Sendable {
        let request: PortalRequest
        let entry: SiteEntry
        /// Who it may be: all gateways of the site its path names, or the one of that name.
        let gateways: [Gateway]
        let hash: [UInt8]
        var organisation: OrganisationID { entry.site.organisationID }
        var address: IPAddress? { IPAddress(request.address)?.unmapped }

        /// authmon proves nothing, so where it calls from has to do: the gateway's declared source, where there is one.
        var isAtItsSource: Bool {
            guard let address else { return false }
            return gateways.contains { $0.source?.contains(address) == true }
        }

        /// Without a declared source, a visitor's page and the gateway's call leave through the same translation: one
        /// address, or two of different families.
        func mayHear(_ handoff: PortalHandoff) -> Bool {
            guard let gateway = gateways.first(where: { $0.id == handoff.draft.nasID }) else { return false }
            if let source = gateway.source { return address.map(source.contains) ?? false }
            guard let address, let visitor = handoff.draft.visitorAddress else { return true }
            return address == visitor || address.family != visitor.family || GatewayHost.isPrivate(visitor.bytes)
        }
    }

    /// Who asks; nil when nobody was handed to a gateway of that name of late, so that there is nothing to tell or hear.
    private func caller(
        _ request: PortalRequest, hash: [UInt8], site: SiteEntry?
    ) async throws(PortalError) -> Caller? {
        if let site { return Caller(request: request, entry: site, gateways: site.gateways, hash: hash) }
        let backend = backend
        let found = try await backend.run("find gateway") { try await backend.handoffs.gateway(hash: hash) }
        guard let found, let slug = try await gateways.all().first(where: { $0.gateway.id == found.nas })?.slug,
            let entry = try await sites.find(slug.rawValue)
        else { return nil }
        return Caller(
            request: request, entry: entry, gateways: entry.gateways.filter { $0.id == found.nas }, hash: hash)
    }

    private func list(_ caller: Caller, forget: Bool) async throws(PortalError) -> PortalReply {
        PortalMetrics.gateway(forget ? "list" : "view")
        let (backend, now, hash) = (backend, clock.date(), caller.hash)
        let waiting = try await backend.run("list handoffs") {
            try await backend.handoffs.waiting(
                gatewayHash: hash, of: caller.organisation, since: now.addingTimeInterval(-Self.waitingSeconds))
        }
        heartbeats.heard(of: hash, at: clock.instant())
        let meant = waiting.filter(caller.mayHear)
        if meant.count < waiting.count {
            logger.warning(
                "a gateway's list was asked for from elsewhere",
                metadata: RequestName.told(["site": "\(caller.entry.site.id)"]))
        }
        let (text, count) = AuthmonList.text(meant)
        let offered = meant.prefix(count).map(\.id)
        if !offered.isEmpty {
            try await backend.run("mark offered") {
                try await backend.handoffs.markOffered(offered, of: caller.organisation, at: now)
            }
        }
        // `list` says nothing afterwards, so what it was given counts as let through.
        if forget { try await acknowledge(Array(meant.prefix(count)), site: caller.entry.site, now: now) }
        return .text(text)
    }

    private func acknowledge(_ tokens: [String], _ caller: Caller) async throws(PortalError) -> PortalReply {
        PortalMetrics.gateway("acknowledge")
        guard !tokens.isEmpty else { return .text("ack") }
        let (backend, hash) = (backend, caller.hash)
        let named = try await backend.run("find handoffs") {
            try await backend.handoffs.named(
                tokens: Array(tokens.prefix(200)), gatewayHash: hash, of: caller.organisation)
        }
        let meant = named.filter { $0.acknowledgedAt == nil && caller.mayHear($0) }
        try await acknowledge(meant, site: caller.entry.site, now: clock.date())
        return .text("ack")
    }

    /// Opens the sessions of devices that a gateway let through, then remembers it: in this order a node that dies in
    /// between leaves a session that the next try finds, never a visitor who is online and in no record.
    func acknowledge(_ handoffs: [PortalHandoff], site: PortalSite, now: Date) async throws(PortalError) {
        guard !handoffs.isEmpty else { return }
        let backend = backend
        try await backend.run("open sessions") {
            let sessions = OpenNDSSessions(backend: backend)
            for handoff in handoffs {
                let organisation = handoff.draft.organisationID
                guard let grant = try await backend.visits(organisation).find(handoff.draft.grantID)?.grant else {
                    continue
                }
                // A device has one session at its gateway: whatever it had before is over.
                for earlier in try await backend.handoffs.running(
                    gatewayHash: handoff.draft.gatewayHash, of: organisation)
                where earlier.draft.device == handoff.draft.device && earlier.id != handoff.id {
                    try await sessions.close(earlier, ended: nil, cause: "Lost-Service", at: now, now: now, site: site)
                    try await backend.handoffs.close([earlier.id], of: organisation, at: now)
                }
                try await sessions.open(handoff, grant: grant, at: now, site: site)
                try await backend.handoffs.markAcknowledged([handoff.id], of: organisation, at: now)
            }
        }
        PortalMetrics.opened(handoffs.count)
    }

    /// The gateway starts: nobody is through it any more. It is Accounting-On by another name, so it is believed only from
    /// where the gateway is known to be.
    private func clear(_ caller: Caller) async throws(PortalError) -> PortalReply {
        PortalMetrics.gateway("clear")
        guard caller.isAtItsSource else { return .text("") }
        let (backend, hash, now, site) = (backend, caller.hash, clock.date(), caller.entry.site)
        let closed = try await backend.run("clear gateway") { () async throws -> Int in
            let sessions = OpenNDSSessions(backend: backend)
            let running = try await backend.handoffs.running(gatewayHash: hash, of: caller.organisation)
                .filter(caller.mayHear)
            for handoff in running {
                try await sessions.close(handoff, ended: nil, cause: "NAS-Reboot", at: now, now: now, site: site)
            }
            let waiting = try await backend.handoffs.waiting(
                gatewayHash: hash, of: caller.organisation, since: now.addingTimeInterval(-Self.waitingSeconds)
            ).filter(caller.mayHear)
            try await backend.handoffs.close((running + waiting).map(\.id), of: caller.organisation, at: now)
            return running.count
        }
        PortalMetrics.closed(closed)
        return .text("")
    }

    /// A device's session ended. The text we gave with the authentication names it, and only the gateway has that text;
    /// a gateway without it is believed from its declared source alone.
    private func end(_ ended: EndedSession, _ caller: Caller) async throws(PortalError) -> PortalReply {
        PortalMetrics.gateway("ended")
        let (backend, hash, now, site) = (backend, caller.hash, clock.date(), caller.entry.site)
        let session = OpenNDSSessions.session(inCustom: ended.custom)
        let device = MACAddress(ended.mac)
        let closed = try await backend.run("end session") { () async throws -> Bool in
            let handoff: PortalHandoff?
            if let session {
                handoff = try await backend.handoffs.find(session: session, of: caller.organisation)
            } else if caller.isAtItsSource, let device {
                handoff = try await backend.handoffs.running(gatewayHash: hash, of: caller.organisation)
                    .first { $0.draft.device == device && caller.mayHear($0) }
            } else {
                handoff = nil
            }
            guard let handoff, handoff.draft.gatewayHash == hash, handoff.acknowledgedAt != nil else { return false }
            let sessions = OpenNDSSessions(backend: backend)
            let cause = OpenNDSSessions.cause(ended.method)
            // A visitor who logged out here was closed without counters; the gateway's report brings them.
            let at = handoff.closedAt ?? now
            try await sessions.close(handoff, ended: ended, cause: cause, at: at, now: now, site: site)
            try await backend.handoffs.close([handoff.id], of: caller.organisation, at: now)
            return true
        }
        if closed { PortalMetrics.closed(1) }
        return .text("ack")
    }
}
