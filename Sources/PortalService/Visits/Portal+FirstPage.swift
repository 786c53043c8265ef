import HTTPTypes
import NIOCore
import Store
import Territory

/// The first page, and what a gateway says when it sends a visitor to it.
extension Portal {
    /// A visitor sent by a gateway, or come alone.
    func arrive(_ visitor: Visitor) async throws(PortalError) -> PortalReply {
        if let sealed = visitor.fields.filled(FirstPage.contextField) {
            // A link of ours: the gateway's parameters were checked when they came.
            guard let context = open(sealed, visitor) else { throw PortalError(.formExpired, "old gateway parameters") }
            return home(visitor, context: context)
        }
        let arrival: GatewayFinder.Arrival
        do {
            arrival = try finder.arrival(visitor.fields, request: visitor.request, gateways: visitor.entry.gateways)
        } catch {
            PortalMetrics.refused(error.code)
            throw error
        }
        switch arrival {
        case .none: return home(visitor, context: nil)
        case .login(let context, let failed, let reply):
            return failed ? try await refusedByGateway(visitor, context, reply) : home(visitor, context: context)
        case .connected(let login, let original): return try await connected(visitor, login: login, original: original)
        case .loggedOff:
            return page(
                visitor,
                VisitPages(frame: visitor.entry.frame(visitor.language, context: "")).disconnected(pending: false))
        }
    }

    /// The first page from its shell.
    func home(_ visitor: Visitor, context: GatewayContext?) -> PortalReply {
        let sealed = seal(context, visitor)
        let session = visitor.session
        let token = token(visitor, session: session.cookie, carried: sealed)
        let reply = visitor.entry.firstPage(
            visitor.language, token: token, context: sealed, takesPasswords: takesPasswords(visitor, context),
            formOrigin: context?.formOrigin)
        var page = reply ?? PortalReply.text("", status: .internalServerError)
        if session.isNew {
            page.setCookie(PortalRequest.cookieName, session.cookie.text, secure: visitor.request.isSecure)
        }
        PortalMetrics.page()
        return page
    }

    /// The first page again, with what went wrong.
    func home(
        _ visitor: Visitor, context: GatewayContext?, failure: FirstPage.Failure, status: HTTPResponse.Status
    ) -> PortalReply {
        let sealed = seal(context, visitor)
        let session = visitor.session
        let frame = visitor.entry.frame(visitor.language, context: sealed)
        let values = FirstPage.Values(
            token: .raw(token(visitor, session: session.cookie, carried: sealed)), context: .raw(sealed), notice: HTML()
        )
        var reply = PortalReply.page(
            FirstPage(frame: frame, takesPasswords: takesPasswords(visitor, context)).html(values, failure: failure),
            status: status, stylesheet: visitor.entry.stylesheet, formOrigin: context?.formOrigin)
        if session.isNew {
            reply.setCookie(PortalRequest.cookieName, session.cookie.text, secure: visitor.request.isSecure)
        }
        return reply
    }

    /// Terms, privacy notice, accessibility declaration: readable before any login.
    func document(_ document: PortalTexts.Document, _ visitor: Visitor) -> PortalReply {
        let sealed = visitor.fields.filled(FirstPage.contextField).flatMap { open($0, visitor) == nil ? nil : $0 } ?? ""
        let frame = visitor.entry.frame(visitor.language, context: sealed)
        let text = texts.document(document, visitor.language)
        let values: KeyValuePairs<String, String> = [
            "organisation": visitor.site.organisationName, "site": visitor.site.name,
            "contact": configuration.contact ?? frame.messages("contact.desk"),
            "dpo": configuration.dataProtectionOfficer ?? frame.messages("contact.officer"), "version": text.version,
            "conformity": frame.messages(configuration.conformity.messageKey),
        ]
        return page(visitor, VisitPages(frame: frame).document(text, path: "/\(document.rawValue)", values: values))
    }

    /// A rendered page for this visitor.
    func page(
        _ visitor: Visitor, _ html: HTML, status: HTTPResponse.Status = .ok, formOrigin: String? = nil
    ) -> PortalReply {
        PortalReply.page(html, status: status, stylesheet: visitor.entry.stylesheet, formOrigin: formOrigin)
    }

    /// The sealed form of gateway parameters; empty without any.
    func seal(_ context: GatewayContext?, _ visitor: Visitor) -> String {
        guard let context else { return "" }
        return sealer.seal(context.fields, purpose: .gateway, site: visitor.site.id, now: clock.seconds)
    }

    /// The gateway parameters of a sealed form of ours; nil when it is not, or is too old.
    func open(_ sealed: String, _ visitor: Visitor) -> GatewayContext? {
        sealer.open(sealed, purpose: .gateway, site: visitor.site.id, now: clock.seconds).flatMap { GatewayContext($0) }
    }

    /// A token for a form of this visitor's page.
    func token(_ visitor: Visitor, session: SessionCookie, carried: String) -> String {
        forms.make(
            site: visitor.site.id, session: session.identifier, carried: carried, address: visitor.request.address,
            now: clock.seconds)
    }
}
