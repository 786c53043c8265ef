import Foundation
import Store
import Territory

/// The way back: telling the visitor's gateway.
extension Portal {
    /// What a handoff needs.
    struct HandOver: Sendable {
        let visitor: Visitor
        let context: GatewayContext
        let gateway: Gateway
        let grant: LoginGrant
        let password: Secret
        let allowance: Allowance
        let now: Date
    }

    /// Sends a visitor who was let in back to the gateway they came from.
    func handOver(
        _ visitor: Visitor, _ context: GatewayContext, grant: LoginGrant, password: Secret, allowance: Allowance
    ) async throws(PortalError) -> PortalReply {
        guard let gateway = visitor.entry.gateways.first(where: { $0.id == context.nas }) else {
            throw PortalError(.gatewayRefused, "the gateway is no longer of this site")
        }
        let step = HandOver(
            visitor: visitor, context: context, gateway: gateway, grant: grant, password: password,
            allowance: allowance,
            now: clock.date())
        switch context.handoff {
        case .uam(let host, let port, let challenge):
            return uam(step, UAMReply(host: host, port: port), challenge)
        case .mikroTik(let action, let origin, let chap): return mikroTik(step, action, origin, chap)
        case .fas(let fas): return try await openNDS(step, fas)
        case .macCoA: return try await reauthenticate(step)
        }
    }

    private func uam(_ step: HandOver, _ gateway: UAMReply, _ challenge: [UInt8]) -> PortalReply {
        let location = gateway.logon(
            username: step.grant.login, password: step.password.text ?? "", challenge: challenge,
            secret: step.gateway.portalKey?.bytes ?? [], method: configuration.uamMethod)
        return redirect(step, to: location, visit: visit(step))
    }

    /// RouterOS takes a form. The browser posts it: one tap, no script, and the password in no address.
    private func mikroTik(
        _ step: HandOver, _ action: String, _ origin: String, _ chap: MikroTikRequest.Chap?
    ) -> PortalReply {
        let password = MikroTikRequest.password(step.password.text ?? "", chap: chap)
        let visit = visit(step)
        let done = landing(step, page: "/done", visit: visit)
        let frame = step.visitor.entry.frame(step.visitor.language, context: "")
        let html = VisitPages(frame: frame).lastStep(
            action: action, fields: [("username", step.grant.login), ("password", password), ("dst", done)])
        var reply = page(step.visitor, html, formOrigin: origin)
        setVisit(visit, &reply, step.visitor)
        return reply
    }

    private func openNDS(_ step: HandOver, _ fas: GatewayContext.FAS) async throws(PortalError) -> PortalReply {
        let random = (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
        let session = UUID.timeOrdered(at: step.now, random: random)
        let draft = PortalHandoff.Draft(
            organisationID: step.grant.organisationID, siteID: step.grant.siteID, nasID: step.gateway.id,
            grantID: step.grant.id, gatewayHash: fas.gatewayHash, token: fas.returnedHash,
            parameters: equipment.openNDSParameters(step.gateway.profile, for: step.allowance),
            isFetched: fas.isFetched, device: step.context.device, address: step.context.address,
            visitorAddress: IPAddress(step.visitor.request.address)?.unmapped, endsAt: step.allowance.endsAt)
        let handoffs = backend.handoffs
        let made = try await backend.run("hand over to openNDS") {
            try await handoffs.create(draft, session: session, now: step.now)
        }
        let visit = visit(step, handoff: made.id, exit: "http://\(fas.gatewayAddress)/opennds_deny/")
        if fas.isFetched { return redirect(step, to: landing(step, page: "/wait", visit: visit), visit: visit) }
        let query = PercentEncoding.query([
            ("tok", fas.returnedHash), ("redir", landing(step, page: "/wait", visit: visit)),
            ("custom", OpenNDSSessions.custom(made)),
        ])
        return redirect(step, to: "http://\(fas.gatewayAddress)/\(fas.authDirectory)/?\(query)", visit: visit)
    }

    private func reauthenticate(_ step: HandOver) async throws(PortalError) -> PortalReply {
        guard let device = step.context.device else {
            throw PortalError(.gatewayRefused, "the gateway names no device")
        }
        let (outbox, organisation) = (backend.outbox, step.grant.organisationID)
        let command = NewOutboxCommand(.reauthenticate, nas: step.gateway.id, target: .device(device))
        try await backend.run("ask for authentication again") { try await outbox.enqueue([command], of: organisation) }
        let visit = visit(step)
        return redirect(step, to: landing(step, page: "/wait", visit: visit), visit: visit)
    }

    // MARK: Parts

    private func visit(_ step: HandOver, handoff: Int64? = nil, exit: String? = nil) -> String {
        let visit = Visit(
            grant: step.grant.id, nas: step.gateway.id, device: step.context.device, original: step.context.original,
            handedOverAt: clock.seconds, handoff: handoff, exit: exit)
        return sealer.seal(visit.fields, purpose: .visit, site: step.visitor.site.id, now: clock.seconds)
    }

    /// An address of ours that the visitor's browser comes back to: the origin it used, or our public one.
    private func landing(_ step: HandOver, page: String, visit: String) -> String {
        let origin = step.visitor.request.origin ?? configuration.publicOrigin ?? ""
        return "\(origin)/\(step.visitor.site.slug)\(page)?lang=\(step.visitor.language.rawValue)&v=\(visit)"
    }

    private func redirect(_ step: HandOver, to location: String, visit: String) -> PortalReply {
        var reply = PortalReply.seeOther(location)
        setVisit(visit, &reply, step.visitor)
        return reply
    }

    private func setVisit(_ visit: String, _ reply: inout PortalReply, _ visitor: Visitor) {
        reply.setCookie(PortalRequest.visitCookieName, visit, secure: visitor.request.isSecure)
    }
}
