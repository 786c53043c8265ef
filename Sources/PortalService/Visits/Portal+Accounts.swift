import Foundation
import HTTPTypes
import Store
import Territory

/// A name and a password: the portal may read no account, so it hands both to the gateway, which asks RADIUS.
extension Portal {
    /// Octets of a password: what User-Password holds (RFC 2865 §5.2).
    static let longestPassword = 128
    /// Octets of a name: what User-Name holds (RFC 2865 §5).
    static let longestUserName = 253

    /// What was typed, of possible lengths and without control characters.
    private struct Typed {
        let user: String
        let password: Secret
    }

    private struct TypedFault: Error {
        let failure: FirstPage.Failure
    }

    /// Whether this visitor's gateway can have a password verified; for one who came through none: whether any gateway of
    /// the site can.
    func takesPasswords(_ visitor: Visitor, _ context: GatewayContext?) -> Bool {
        guard visitor.site.methods.contains(.account) else { return false }
        guard let context else { return true }
        let gateway = visitor.entry.gateways.first { $0.id == context.nas }
        return context.takesPasswords(hasKey: gateway?.portalKey?.bytes.isEmpty == false)
    }

    /// Sends the visitor back to the gateway with what was typed. Whether it was right shows when they come back.
    func passOn(
        _ visitor: Visitor, _ context: GatewayContext?, _ messages: Messages
    ) async throws(PortalError) -> PortalReply {
        let typed: Typed
        switch Self.typed(visitor.fields, messages) {
        case .success(let read): typed = read
        case .failure(let fault):
            return home(visitor, context: context, failure: fault.failure, status: .unprocessableContent)
        }
        guard let context else { return withoutGateway(visitor, messages) }
        guard takesPasswords(visitor, context) else {
            throw PortalError(.malformedRequest, "no such way to log in at this gateway")
        }
        guard let gateway = visitor.entry.gateways.first(where: { $0.id == context.nas }) else {
            throw PortalError(.gatewayRefused, "the gateway is no longer of this site")
        }
        try spendGuess((limits.passwords, limits.passwordsByAddress, limits.passwordsBySite), visitor, context)
        try await recordTerms(visitor, context)
        let reply = try passOn(typed, visitor, context, gateway)
        PortalMetrics.login("account-passed-on")
        // A login before this one is not what the pages after it are about.
        return forgetVisit(reply, visitor)
    }

    /// Always as a password the access daemon can read, whatever `uam_method` says and a hotspot offers: an account is a
    /// slow hash, which no CHAP response can be compared with.
    private func passOn(
        _ typed: Typed, _ visitor: Visitor, _ context: GatewayContext, _ gateway: Gateway
    ) throws(PortalError) -> PortalReply {
        let password = typed.password.text ?? ""
        switch context.handoff {
        case .uam(let host, let port, let challenge):
            return .seeOther(
                UAMReply(host: host, port: port).logon(
                    username: typed.user, password: password, challenge: challenge,
                    secret: gateway.portalKey?.bytes ?? [], method: .pap))
        case .mikroTik(let action, let origin, _):
            let frame = visitor.entry.frame(visitor.language, context: "")
            let html = VisitPages(frame: frame).lastStep(
                action: action,
                fields: [("username", typed.user), ("password", password), ("dst", connectedPage(visitor))])
            return page(visitor, html, formOrigin: origin)
        case .fas, .macCoA: throw PortalError(.malformedRequest, "no such way to log in at this gateway")
        }
    }

    /// Where a hotspot sends a visitor whom it let in: the page that says so of a device, not of a grant.
    private func connectedPage(_ visitor: Visitor) -> String {
        let origin = visitor.request.origin ?? configuration.publicOrigin ?? ""
        return "\(origin)/\(visitor.site.slug)?lang=\(visitor.language.rawValue)&status=authenticated"
    }

    private static func typed(_ fields: Fields, _ messages: Messages) -> Result<Typed, TypedFault> {
        // Phones put a space after a word they complete; in a password a space may be meant.
        let user = String((fields[FirstPage.userField] ?? "").trimmed)
        let password = fields[FirstPage.passwordField] ?? ""
        var faults: [FirstPage.Failure.Fault] = []
        func check(_ text: String, atMost octets: Int, _ field: FirstPage.Field) {
            let key = "error.account.\(field.rawValue)"
            if text.isEmpty {
                faults.append(.init(text: messages("\(key).empty"), field: field))
            } else if text.utf8.count > octets || text.unicodeScalars.contains(where: isUnprintable) {
                faults.append(.init(text: messages("\(key).shape"), field: field))
            }
        }
        check(user, atMost: longestUserName, .user)
        check(password, atMost: longestPassword, .password)
        guard faults.isEmpty else {
            let shown = user.utf8.count > longestUserName ? "" : user
            return .failure(TypedFault(failure: FirstPage.Failure(faults, user: shown)))
        }
        return .success(Typed(user: user, password: Secret(text: password)))
    }

    /// What no keyboard types and a form of ours would not carry unchanged.
    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || HTML.slotMarks.contains(scalar)
    }
}
