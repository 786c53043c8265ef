import HTTPTypes
import NIOCore
import Store
import Territory

/// A site as the portal serves it: what it shows, its gateways, and its first page rendered in every language.
///
/// An entry never changes; a change in the database makes a new one.
struct SiteEntry: Sendable {
    /// A first page, ready but for the visitor's own parts.
    struct Shell: Sendable {
        let page: PageShell
        let headers: HTTPFields
        /// The notice for people who came through no gateway.
        let noGatewayNotice: HTML
    }

    let site: PortalSite
    let gateways: [Gateway]
    let texts: PortalTexts
    let stylesheet: Stylesheet
    let conformity: Conformity
    private let shells: [Language: Shell]
    /// For visitors whose gateway cannot have a password verified; empty where the site offers no such way.
    private let shellsWithoutPassword: [Language: Shell]

    private enum Slot {
        static let token: UInt32 = 0
        static let context: UInt32 = 1
        static let carry: UInt32 = 2
        static let notice: UInt32 = 3
    }

    init(site: PortalSite, gateways: [Gateway], texts: PortalTexts, conformity: Conformity) {
        (self.site, self.gateways, self.texts, self.conformity) = (site, gateways, texts, conformity)
        let stylesheet = Stylesheet(theme: Theme(site.theme), isLarge: site.theme.plainLanguage)
        self.stylesheet = stylesheet
        var headers = PortalReply.common(type: "text/html; charset=utf-8")
        headers[.contentSecurityPolicy] = PortalReply.policy(stylesheet, formOrigin: nil)
        func shells(takingPasswords takesPasswords: Bool) -> [Language: Shell] {
            site.languages.reduce(into: [:]) { shells, language in
                let frame = PageFrame(
                    site: site, texts: texts, language: language, stylesheet: stylesheet, conformity: conformity,
                    carry: .slot(Slot.carry))
                let values = FirstPage.Values(
                    token: .slot(Slot.token), context: .slot(Slot.context), notice: .slot(Slot.notice))
                shells[language] = Shell(
                    page: PageShell(FirstPage(frame: frame, takesPasswords: takesPasswords).html(values)),
                    headers: headers,
                    noGatewayNotice: FirstPage.noGatewayNotice(frame))
            }
        }
        self.shells = shells(takingPasswords: true)
        shellsWithoutPassword = site.methods.contains(.account) ? shells(takingPasswords: false) : [:]
    }

    /// What surrounds a page that is rendered for one visitor; `context` is the sealed gateway parameters or empty.
    func frame(_ language: Language, context: String) -> PageFrame {
        PageFrame(
            site: site, texts: texts, language: language, stylesheet: stylesheet, conformity: conformity,
            carry: Self.carry(context))
    }

    /// The first page from its shell.
    ///
    /// - Parameters:
    ///   - token: the form's token.
    ///   - context: the sealed gateway parameters; empty: none, and the page says so.
    ///   - takesPasswords: whether the gateway can have a password verified.
    ///   - formOrigin: the gateway's origin, for the content security policy.
    func firstPage(
        _ language: Language, token: String, context: String, takesPasswords: Bool, formOrigin: String?
    ) -> PortalReply? {
        let other = takesPasswords ? nil : shellsWithoutPassword[language]
        guard let shell = other ?? shells[language] else { return nil }
        let values: [HTML] = [
            .raw(token), .raw(context), Self.carry(context), context.isEmpty ? shell.noGatewayNotice : HTML(),
        ]
        var reply = PortalReply(status: .ok, headers: shell.headers, body: shell.page.buffer(values))
        if let formOrigin {
            reply.headers[.contentSecurityPolicy] = PortalReply.policy(stylesheet, formOrigin: formOrigin)
        }
        return reply
    }

    /// What links carry along; tokens are base64 without a character that HTML or a query would change.
    static func carry(_ context: String) -> HTML { context.isEmpty ? HTML() : .raw("&amp;x=\(context)") }
}
