import HTTPTypes
import Logging
import Store
import Territory

/// The one place where an error becomes an answer.
extension Portal {
    /// A page in the visitor's language where the site is known, a plain one otherwise; JSON (RFC 9457) for programs.
    func problem(_ error: PortalError, _ request: PortalRequest, slug: String?) async -> PortalReply {
        log(error)
        let isProgram = request.path.hasSuffix("/capport")
        var reply: PortalReply
        if isProgram {
            reply = Self.json(error)
        } else if let slug, let entry = try? await sites.find(slug) {
            reply = page(error, Visitor(request, entry: entry, fields: Self.language(request)))
        } else {
            reply = plain(error, request)
        }
        if error.retryAfterSeconds > 0 { reply.retryAfter(seconds: error.retryAfterSeconds) }
        return reply
    }

    private func log(_ error: PortalError) {
        switch error.code {
        case .unavailable, .configuration: logger.warning("portal: \(error)", metadata: RequestName.told())
        case .gatewayRefused: logger.notice("portal: \(error)", metadata: RequestName.told())
        case .malformedRequest, .tooLarge, .notFound, .methodNotAllowed, .formExpired, .rateLimited:
            logger.debug("portal: \(error)", metadata: RequestName.told())
        }
        PortalMetrics.refused(error.code)
    }

    /// Where a form went wrong, the form again with the reason; elsewhere a page that says what to do.
    private func page(_ error: PortalError, _ visitor: Visitor) -> PortalReply {
        let messages = texts.messages(visitor.language)
        let status = Self.status(error.code)
        if visitor.request.method == .post, let text = Self.formText(error, messages) {
            let form = try? Fields(octets: visitor.request.body)
            let context = form?.filled(FirstPage.contextField).flatMap { open($0, visitor) }
            return home(visitor, context: context, failure: FirstPage.Failure(text: text), status: status)
        }
        let (title, text) = Self.words(error, messages)
        let pages = VisitPages(frame: visitor.entry.frame(visitor.language, context: ""))
        return page(visitor, pages.problem(title: title, text: text), status: status)
    }

    private static func formText(_ error: PortalError, _ messages: Messages) -> String? {
        switch error.code {
        case .formExpired, .rateLimited, .unavailable: words(error, messages).text
        case .malformedRequest, .tooLarge, .notFound, .methodNotAllowed, .gatewayRefused, .configuration: nil
        }
    }

    private static func words(_ error: PortalError, _ messages: Messages) -> (title: String, text: String) {
        switch error.code {
        case .notFound: (messages("error.notFound.heading"), messages("error.notFound"))
        case .gatewayRefused: (messages("error.gateway.heading"), messages("error.gateway"))
        case .malformedRequest, .tooLarge, .methodNotAllowed:
            (messages("error.request.heading"), messages("error.request"))
        case .formExpired: (messages("error.heading"), messages("error.form"))
        case .rateLimited:
            (
                messages("error.heading"),
                messages("error.rate", ["wait": messages.wait(seconds: error.retryAfterSeconds)])
            )
        case .unavailable, .configuration: (messages("error.heading"), messages("error.unavailable"))
        }
    }

    /// Without a site there is no name to show and no theme: the words alone.
    private func plain(_ error: PortalError, _ request: PortalRequest) -> PortalReply {
        let language = Language.choose(
            explicit: Self.language(request)["lang"], acceptLanguage: request.acceptLanguage, offered: Language.allCases
        )
        let (title, text) = Self.words(error, texts.messages(language))
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <title>\(title)</title><style>\(.raw(Self.plainStyle.text))</style></head>
            <body><main class="w"><h1>\(title)</h1><p class="d">\(text)</p></main></body></html>

            """
        return .page(page, status: Self.status(error.code), stylesheet: Self.plainStyle)
    }

    private static let plainStyle = Stylesheet.plain

    private static func json(_ error: PortalError) -> PortalReply {
        let status = status(error.code)
        let body =
            "{\"type\":\"about:blank\",\"title\":\(JSONText.quote(error.code.rawValue)),\"status\":\(status.code)}"
        return .json(body, type: "application/problem+json", status: status)
    }

    private static func status(_ code: PortalError.Code) -> HTTPResponse.Status {
        switch code {
        case .malformedRequest, .gatewayRefused: .badRequest
        case .tooLarge: .contentTooLarge
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .formExpired: .forbidden
        case .rateLimited: .tooManyRequests
        case .unavailable, .configuration: .serviceUnavailable
        }
    }

    /// The fields of a query if they can be read at all, for the language.
    private static func language(_ request: PortalRequest) -> Fields {
        request.query.flatMap { try? Fields(parsing: $0) } ?? Fields()
    }
}
