import Foundation
import HTTPTypes
import Store
import Territory

/// After the login: waiting for the gateway, connected, time and volume left, the end.
extension Portal {
    /// Seconds that a gateway may take: openNDS asks every ten, and twice may go wrong.
    static let longestWaitSeconds: Int64 = 60

    /// A visit of this browser, opened.
    struct Held: Sendable {
        let visit: Visit
        let sealed: String
    }

    /// Waits for the gateway without a script: the page comes again every few seconds until the session is there.
    func wait(_ visitor: Visitor) async throws(PortalError) -> PortalReply {
        guard let held = visit(visitor) else { return home(visitor, context: nil) }
        try spend(limits.lookups, visitor.client(visitor.request.address))
        let now = clock.date()
        if try await isThrough(held.visit, visitor, now: now) {
            return .seeOther("/\(visitor.site.slug)/done?lang=\(visitor.language.rawValue)&v=\(held.sealed)")
        }
        let pages = VisitPages(frame: visitor.entry.frame(visitor.language, context: ""))
        if clock.seconds - held.visit.handedOverAt > Self.longestWaitSeconds {
            let messages = texts.messages(visitor.language)
            let html = pages.problem(title: messages("error.heading"), text: messages("wait.failed"))
            return page(visitor, html, status: .gatewayTimeout)
        }
        return page(visitor, pages.waiting(visit: .raw("&amp;v=\(held.sealed)")))
    }

    /// Whether the gateway let the visitor through. A browser that an openNDS gateway of level 1 or 2 sent back is the
    /// acknowledgement itself.
    private func isThrough(_ visit: Visit, _ visitor: Visitor, now: Date) async throws(PortalError) -> Bool {
        let (backend, site) = (backend, visitor.site)
        if let id = visit.handoff {
            let found = try await backend.run("find handoff") {
                try await backend.handoffs.find(id, of: site.organisationID)
            }
            guard let handoff = found, handoff.closedAt == nil else { return false }
            if handoff.acknowledgedAt != nil { return true }
            guard !handoff.draft.isFetched else { return false }
            try await acknowledge([handoff], site: site, now: now)
            return true
        }
        return try await backend.run("find session") {
            guard let grant = try await backend.visits(site.organisationID).find(visit.grant)?.grant else {
                return false
            }
            return try await !backend.sessions(site.organisationID).open(of: grant).isEmpty
        }
    }

    /// The page after a login: connected, and where to go on.
    func done(_ visitor: Visitor) async throws(PortalError) -> PortalReply {
        guard let held = visit(visitor) else { return try await status(visitor) }
        return try await donePage(visitor, held)
    }

    /// A UAM gateway says that the device is in, or an openNDS gateway was asked again by one that is.
    func connected(
        _ visitor: Visitor, login: String?, original: WebAddress?
    ) async throws(PortalError) -> PortalReply {
        if let held = visit(visitor) ?? embeddedVisit(visitor) { return try await donePage(visitor, held) }
        // A mini-browser without cookies: the login the gateway names is random, so only it and we know it.
        if let login, GrantCredential.isLogin(login) {
            let (backend, site) = (backend, visitor.site)
            let found = try await backend.run("find grant") {
                try await backend.visits(site.organisationID).find(login: login)
            }
            if let grant = found?.grant, let nas = visitor.entry.gateways.first?.id {
                let visit = Visit(
                    grant: grant.id, nas: nas, device: grant.device, original: original, handedOverAt: clock.seconds)
                let sealed = sealer.seal(visit.fields, purpose: .visit, site: site.id, now: clock.seconds)
                return try await donePage(visitor, Held(visit: visit, sealed: sealed))
            }
        }
        let pages = VisitPages(frame: visitor.entry.frame(visitor.language, context: ""))
        return page(visitor, pages.connected(nil, original: original, visit: HTML()))
    }

    private func donePage(_ visitor: Visitor, _ held: Held) async throws(PortalError) -> PortalReply {
        let remaining = try await remaining(held.visit, visitor.site, now: clock.date())
        let pages = VisitPages(frame: visitor.entry.frame(visitor.language, context: ""))
        var reply = page(
            visitor, pages.connected(remaining, original: held.visit.original, visit: .raw("&amp;v=\(held.sealed)")))
        reply.setCookie(PortalRequest.visitCookieName, held.sealed, secure: visitor.request.isSecure)
        return reply
    }

    /// Time and volume left, for this browser's login or for the session at its address.
    func status(_ visitor: Visitor) async throws(PortalError) -> PortalReply {
        try spend(limits.lookups, visitor.client(visitor.request.address))
        let pages = VisitPages(frame: visitor.entry.frame(visitor.language, context: ""))
        var held = visit(visitor)
        if held == nil { held = try await visitByAddress(visitor) }
        guard let held, let remaining = try await remaining(held.visit, visitor.site, now: clock.date(), live: true)
        else {
            return page(visitor, pages.notConnected())
        }
        let session = visitor.session
        let token = token(visitor, session: session.cookie, carried: held.sealed)
        var reply = page(
            visitor, pages.status(remaining, token: .raw(token), visit: .raw(held.sealed)),
            formOrigin: held.visit.exit.flatMap { WebAddress($0) }.map {
                "http://\(GatewayHost.authority($0.host, port: $0.port))"
            })
        if session.isNew {
            reply.setCookie(PortalRequest.cookieName, session.cookie.text, secure: visitor.request.isSecure)
        }
        return reply
    }

    /// What is left to a visit; nil when `live` and no session of it goes on.
    func remaining(
        _ visit: Visit, _ site: PortalSite, now: Date, live: Bool = false
    ) async throws(PortalError) -> VisitPages.Remaining? {
        let backend = backend
        let found = try await backend.run("find session") { () async throws -> (LoginGrant, SessionRow?)? in
            guard let grant = try await backend.visits(site.organisationID).find(visit.grant)?.grant else { return nil }
            return (grant, try await backend.sessions(site.organisationID).open(of: grant).first)
        }
        guard let (grant, session) = found, session != nil || !live else { return nil }
        switch try await decision(on: grant.id, site: site, device: grant.device, now: now) {
        case .refuse: return VisitPages.Remaining(seconds: 0, octets: 0)
        case .accept(let allowance):
            var seconds = allowance.sessionTimeoutSeconds
            if let session {
                let length = site.rights.sessionSeconds ?? Rights.defaultSessionSeconds
                seconds = min(seconds, max(0, length - Int(max(0, now.timeIntervalSince(session.startedAt)))))
            }
            return VisitPages.Remaining(seconds: seconds, octets: allowance.remainingOctets)
        }
    }

    /// Ends the visitor's connection.
    func disconnect(_ visitor: Visitor) async throws(PortalError) -> PortalReply {
        try spend(limits.forms, visitor.client(visitor.request.address))
        guard let held = visit(visitor) else { throw PortalError(.formExpired, "no visit in the form") }
        let (backend, site, now) = (backend, visitor.site, clock.date())
        let visit = held.visit
        let open = try await backend.run("end session") { () async throws -> [SessionRow] in
            guard let grant = try await backend.visits(site.organisationID).find(visit.grant)?.grant else { return [] }
            let open = try await backend.sessions(site.organisationID).open(of: grant)
            // The grant ends too, or MAC authentication would let the device straight in again.
            try await backend.grants.expire(grant.id, of: site.organisationID, at: now)
            return open
        }
        if let exit = visit.exit {
            // openNDS takes no order from outside: the visitor's own browser asks it.
            try await endUnreported(visit, site, now: now)
            return forgetVisit(.seeOther(exit), visitor)
        }
        let commands = open.map { NewOutboxCommand(.disconnect, nas: $0.nasID, target: .session($0.sessionID)) }
        try await backend.run("leave disconnect") {
            try await backend.outbox.enqueue(commands, of: site.organisationID)
        }
        let pages = VisitPages(frame: visitor.entry.frame(visitor.language, context: ""))
        return forgetVisit(page(visitor, pages.disconnected(pending: !commands.isEmpty)), visitor)
    }

    /// Closes the session at a gateway of level 1 or 2, which reports no end. Level 3 does, with what it counted.
    private func endUnreported(_ visit: Visit, _ site: PortalSite, now: Date) async throws(PortalError) {
        guard let id = visit.handoff else { return }
        let backend = backend
        try await backend.run("end handoff") {
            let found = try await backend.handoffs.find(id, of: site.organisationID)
            guard let handoff = found, !handoff.draft.isFetched, handoff.closedAt == nil else { return }
            let sessions = OpenNDSSessions(backend: backend)
            try await sessions.close(handoff, ended: nil, cause: "User-Request", at: now, now: now, site: site)
            try await backend.handoffs.close([id], of: site.organisationID, at: now)
        }
    }

    // MARK: Whose visit

    /// The visit of the address, form or cookie.
    func visit(_ visitor: Visitor) -> Held? {
        let texts = [visitor.fields.filled("v"), visitor.request.cookie(PortalRequest.visitCookieName)]
        for sealed in texts.compactMap(\.self) {
            let fields = sealer.open(sealed, purpose: .visit, site: visitor.site.id, now: clock.seconds)
            if let visit = fields.flatMap({ Visit($0) }) { return Held(visit: visit, sealed: sealed) }
        }
        return nil
    }

    /// openNDS hands back the address it was to send the browser to.
    private func embeddedVisit(_ visitor: Visitor) -> Held? {
        guard let back = visitor.fields["redir"].flatMap({ WebAddress($0) }),
            let query = back.target.firstIndex(of: "?"),
            let fields = try? Fields(parsing: back.target[back.target.index(after: query)...])
        else { return nil }
        var inner = visitor
        inner.fields = fields
        return visit(inner)
    }

    /// The session that goes on at the request's own address, where the gateway does not translate it.
    func visitByAddress(_ visitor: Visitor) async throws(PortalError) -> Held? {
        guard let address = IPAddress(visitor.request.address)?.unmapped else { return nil }
        let (backend, site, now) = (backend, visitor.site, clock.date())
        let gateways = visitor.entry.gateways.map(\.id)
        let found = try await backend.run("find session by address") { () async throws -> (SessionRow, LoginGrant)? in
            let visits = backend.visits(site.organisationID)
            guard let session = try await visits.session(at: address, behind: gateways) else { return nil }
            if let login = session.userName, GrantCredential.isLogin(login),
                let grant = try await visits.find(login: login)?.grant
            {
                return (session, grant)
            }
            guard let device = session.callingStation.flatMap({ MACAddress($0) }),
                let grant = try await visits.find(device: device, at: site.id, now: now)?.grant
            else { return nil }
            return (session, grant)
        }
        guard let (session, grant) = found else { return nil }
        let visit = Visit(
            grant: grant.id, nas: session.nasID, device: grant.device, original: nil, handedOverAt: clock.seconds)
        return Held(
            visit: visit, sealed: sealer.seal(visit.fields, purpose: .visit, site: site.id, now: clock.seconds))
    }

    func forgetVisit(_ reply: PortalReply, _ visitor: Visitor) -> PortalReply {
        var reply = reply
        reply.headers.append(
            HTTPField(
                name: .setCookie, value: "\(PortalRequest.visitCookieName)=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
        )
        return reply
    }
}
