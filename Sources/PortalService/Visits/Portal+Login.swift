import Foundation
import HTTPTypes
import Store
import Territory

/// A login: from the form to the way back to the gateway.
extension Portal {
    /// What a login came to.
    private enum Outcome {
        case granted(LoginGrant, password: Secret, Allowance)
        case refused(FirstPage.Failure, HTTPResponse.Status)
    }

    /// Checks a login form, makes the grant and sends the visitor back.
    func login(_ visitor: Visitor) async throws(PortalError) -> PortalReply {
        let messages = texts.messages(visitor.language)
        let sealed = visitor.fields.filled(FirstPage.contextField)
        let context = sealed.flatMap { open($0, visitor) }
        if sealed != nil, context == nil { throw PortalError(.formExpired, "old gateway parameters") }
        try spend(limits.forms, visitor.client(clientName(visitor, context)))
        guard let method = PortalSite.Method(rawValue: visitor.fields["method"] ?? ""),
            visitor.site.methods.contains(method)
        else { throw PortalError(.malformedRequest, "no such way to log in at this site") }
        if method == .account { return try await passOn(visitor, context, messages) }
        var code: VoucherCode?
        if method == .voucher {
            switch Self.code(visitor.fields[FirstPage.codeField] ?? "", messages) {
            case .success(let typed): code = typed
            case .failure(let failure):
                return home(visitor, context: context, failure: failure.value, status: .unprocessableContent)
            }
        }
        guard let context else { return withoutGateway(visitor, messages) }
        let outcome: Outcome
        if let code {
            outcome = try await redeem(code, visitor, context, messages)
        } else {
            outcome = try await clickThrough(visitor, context, messages)
        }
        switch outcome {
        case .refused(let failure, let status):
            return home(visitor, context: context, failure: failure, status: status)
        case .granted(let grant, let password, let allowance):
            try await recordTerms(visitor, context)
            PortalMetrics.login("granted")
            return try await handOver(visitor, context, grant: grant, password: password, allowance: allowance)
        }
    }

    // MARK: The two ways

    private func redeem(
        _ code: VoucherCode, _ visitor: Visitor, _ context: GatewayContext, _ messages: Messages
    ) async throws(PortalError) -> Outcome {
        let (site, now) = (visitor.site, clock.date())
        let spent = try spendGuess((limits.codes, limits.codesByAddress, limits.codesBySite), visitor, context)
        let expiresAt = grantEnd(site, now: now)
        let vouchers = backend.vouchers
        let redemption: Redemption
        do {
            redemption = try await backend.run("redeem voucher") {
                try await vouchers.redeem(
                    code, site: site.id, of: site.organisationID, device: context.device, now: now, expiresAt: expiresAt
                )
            }
        } catch {
            spent.giveBack()
            throw error
        }
        switch redemption {
        case .refused(let refusal):
            // A code that exists was not guessed: only an unknown one counts against the budget.
            if refusal != .unknown { spent.giveBack() }
            PortalMetrics.login("voucher-\(refusal.rawValue)")
            let failure = FirstPage.Failure(text: messages(Self.key(refusal)), field: .code)
            return .refused(failure, .unprocessableContent)
        case .granted(let issued):
            spent.giveBack()
            return try await decided(issued.grant, issued.password, visitor, messages, now: now)
        }
    }

    private func clickThrough(
        _ visitor: Visitor, _ context: GatewayContext, _ messages: Messages
    ) async throws(PortalError) -> Outcome {
        let (site, now) = (visitor.site, clock.date())
        let expiresAt = grantEnd(site, now: now)
        let dayStart = CivilDay(now, in: site.timeZone).start(in: site.timeZone)
        let (visits, grants) = (backend.visits(site.organisationID), backend.grants)
        let issued = try await backend.run("click-through grant") { () async throws -> IssuedGrant in
            if let device = context.device,
                let held = try await visits.clickThrough(device: device, at: site.id, issuedSince: dayStart, now: now),
                try await grants.expire(held.grant.id, of: site.organisationID, at: expiresAt),
                let again = try await grants.find(login: held.grant.login, of: site.organisationID)
            {
                return again
            }
            return try await grants.issueClickThrough(
                site: site.id, of: site.organisationID, device: context.device, now: now, expiresAt: expiresAt)
        }
        return try await decided(issued.grant, issued.password, visitor, messages, now: now)
    }

    /// What the access daemon would decide: asked here too, so that a visitor reads the reason on this page rather than
    /// in the window of the gateway, and because openNDS asks nobody else.
    private func decided(
        _ grant: LoginGrant, _ password: Secret, _ visitor: Visitor, _ messages: Messages, now: Date
    ) async throws(PortalError) -> Outcome {
        switch try await decision(on: grant.id, site: visitor.site, device: grant.device, now: now) {
        case .accept(let allowance): return .granted(grant, password: password, allowance)
        case .refuse(let reason):
            PortalMetrics.login(reason.rawValue)
            let text = refusal(reason, visitor.site, messages, now: now)
            return .refused(FirstPage.Failure(text: text), .forbidden)
        }
    }

    /// The rules' decision on a grant now. A grant that is gone is refused as unknown.
    func decision(
        on id: LoginGrantID, site: PortalSite, device: MACAddress?, now: Date
    ) async throws(PortalError) -> Decision {
        let backend = backend
        return try await backend.run("decide") {
            guard let held = try await backend.visits(site.organisationID).find(id) else {
                return .refuse(.unknownUser)
            }
            let subject = held.subject
            let day = CivilDay(now, in: site.timeZone)
            async let usage = backend.usage(site.organisationID).loadPeriods([subject.reference], on: day)
            async let open = backend.sessions(site.organisationID).open(of: [subject.reference])
            let others = DeviceBinding.otherDevices(
                than: device?.description, among: HeardStation.stations(of: try await open), now: now,
                interimSeconds: site.rights.interimSeconds ?? Rights.defaultInterimSeconds)
            let situation = Situation(
                organisationID: site.organisationID, siteID: site.id, siteStatus: site.isOpen ? .open : .closed,
                timeZone: site.timeZone, rights: site.rights, groups: site.groups,
                used: try await usage[subject.reference] ?? .zero, otherDevices: others, now: now)
            return decide(subject, situation)
        }
    }

    /// A grant lasts as long as the package has devices remembered, and for a whole session at least.
    private func grantEnd(_ site: PortalSite, now: Date) -> Date {
        let session = site.rights.sessionSeconds ?? Rights.defaultSessionSeconds
        return now.addingTimeInterval(TimeInterval(max(session, site.rememberSeconds)))
    }

    /// Somebody who came through no gateway cannot be let in.
    func withoutGateway(_ visitor: Visitor, _ messages: Messages) -> PortalReply {
        home(visitor, context: nil, failure: FirstPage.Failure(text: messages("error.noGateway")), status: .conflict)
    }

    func recordTerms(_ visitor: Visitor, _ context: GatewayContext) async throws(PortalError) {
        let (terms, now, site) = (backend.terms, clock.date(), visitor.site)
        let version = "\(site.theme.termsVersion)+\(texts.document(.terms, visitor.language).version)"
        let language = visitor.language.rawValue
        try await backend.run("record terms") {
            try await terms.record(
                site: site.id, of: site.organisationID, device: context.device, address: context.address,
                termsVersion: version, language: language, acceptedAt: now,
                expiresAt: now.addingTimeInterval(Self.termsKeptSeconds))
        }
    }

    /// One year (CPCE R.10-13 II, class C2), by the longest year there is.
    private static let termsKeptSeconds: TimeInterval = 366 * 86_400

    // MARK: Budgets

    /// Who a budget is for: a device that its gateway vouches for, else an address.
    private func clientName(_ visitor: Visitor, _ context: GatewayContext?) -> String {
        if let context, context.isAuthenticated, let device = context.device { return device.description }
        return visitor.request.address
    }

    /// The budgets of a kind of guess: of a client, of an address, of a site.
    typealias Guesses = (
        byClient: RateLimiter<PortalLimits.Client>, byAddress: RateLimiter<PortalLimits.Client>,
        bySite: RateLimiter<SiteID>
    )

    /// A guess taken from three budgets, to be given back when it was none.
    struct Guess {
        let giveBack: @Sendable () -> Void
    }

    @discardableResult
    func spendGuess(
        _ guesses: Guesses, _ visitor: Visitor, _ context: GatewayContext
    ) throws(PortalError) -> Guess {
        let client = visitor.client(clientName(visitor, context))
        let address = visitor.client(visitor.request.address)
        let (clock, site) = (clock, visitor.site.id)
        try spend(guesses.byClient, client)
        do throws(PortalError) {
            try spend(guesses.byAddress, address)
        } catch {
            guesses.byClient.giveBack(client, at: clock.instant())
            throw error
        }
        do throws(PortalError) {
            try spend(guesses.bySite, site)
        } catch {
            guesses.byClient.giveBack(client, at: clock.instant())
            guesses.byAddress.giveBack(address, at: clock.instant())
            throw error
        }
        return Guess {
            guesses.byClient.giveBack(client, at: clock.instant())
            guesses.byAddress.giveBack(address, at: clock.instant())
            guesses.bySite.giveBack(site, at: clock.instant())
        }
    }

    // MARK: Words

    private struct CodeFault: Error {
        let value: FirstPage.Failure
    }

    private static func code(_ typed: String, _ messages: Messages) -> Result<VoucherCode, CodeFault> {
        if typed.trimmed.isEmpty {
            return .failure(CodeFault(value: FirstPage.Failure(text: messages("error.code.empty"), field: .code)))
        }
        guard typed.count <= FirstPage.codeFieldLength, let code = VoucherCode(typed: typed) else {
            return .failure(CodeFault(value: FirstPage.Failure(text: messages("error.code.shape"), field: .code)))
        }
        return .success(code)
    }

    private static func key(_ refusal: Redemption.Refusal) -> String {
        switch refusal {
        case .unknown: "error.code.unknown"
        case .otherSite: "error.code.elsewhere"
        case .notYetValid: "error.code.early"
        case .expired: "error.code.expired"
        case .revoked: "error.code.revoked"
        case .devicesExhausted: "error.code.devices"
        }
    }
}
