internal import Foundation
internal import OpenSSL
internal import RADIUS
internal import Store
internal import Territory

/// Answers Access-Requests on a packet thread. A login in memory is answered at once; an unknown one waits for the
/// look-up, an account's first password for the slow hash, and both come back here.
///
/// Not Sendable: it belongs to one thread.
final class AuthenticationHandler {
    let environment: AccessEnvironment
    let passwords: PasswordMemory
    let digester: KeyedDigester
    /// Tells what proved a login from what proves it when its session is resumed.
    let resumptionTags: HMACSHA256Context
    let identities: ChargeableIdentities
    private let cache: LoginCache
    private let lookups: LookupWorker
    private let health: AccessHealth
    private let lifetime: UInt64
    private let lifetimeWithoutFeed: UInt64
    private let survival: UInt64
    /// Nobody remembers for longer that a login does not exist, or why one was refused: both may end at any moment.
    private let refusalLifetime: UInt64 = 1_000_000_000
    /// How old it may be that a subject has one place left for a device.
    private let placeLifetime: UInt64 = 2_000_000_000
    let thread: Int
    /// Where a password is revealed; wiped by the next.
    private let revealed = UnsafeMutableRawBufferPointer.allocate(
        byteCount: PacketLimits.maximumPasswordLength, alignment: 8)
    private var attributes: [UInt8] = []
    private(set) var now: UInt64 = 0
    private var date = Date.distantPast

    init(environment: AccessEnvironment, thread: Int) throws {
        (self.environment, self.thread) = (environment, thread)
        (cache, lookups, health) = (environment.logins, environment.lookups, environment.health)
        passwords = environment.passwords
        digester = try KeyedDigester(key: environment.passwords.key)
        resumptionTags = try HMACSHA256Context(key: environment.keys.subkey("eap-resumption"))
        identities = try ChargeableIdentities(key: environment.keys.subkey("chargeable-user-identity"))
        let configuration = environment.configuration
        lifetime = configuration.loginLifetime.clampedNanoseconds
        lifetimeWithoutFeed = configuration.loginLifetimeWithoutFeed.clampedNanoseconds
        survival = configuration.survivalLimit.clampedNanoseconds
        attributes.reserveCapacity(512)
    }

    deinit { revealed.deallocate() }

    func beginBatch(now: UInt64) {
        self.now = now
        date = environment.clock.calendar()
    }

    /// A new request.
    func handle(_ request: Request, on thread: PacketThread) {
        if request.inner == nil, request.packet.has(.eapMessage) { return converse(request, on: thread) }
        guard let attempt = attempt(request) else { return shed(request, .malformed, .none, on: thread) }
        guard let name = attempt.name else { return refuse(request, .unsupportedMethod, attempt, on: thread) }
        guard let entry = cache.find(name, site: attempt.site) else {
            return lookUp(request, name, attempt, on: thread)
        }
        if cache.isFresh(entry, now: now, lifetime: health.feedIsUp ? lifetime : lifetimeWithoutFeed),
            entry.known != nil || age(entry) <= refusalLifetime
        {
            return judge(request, attempt, entry, .remembered, on: thread)
        }
        if health.storeIsAway, entry.known != nil, age(entry) <= survival {
            return judge(request, attempt, entry, .surviving, on: thread)
        }
        lookUp(request, name, attempt, on: thread)
    }

    /// A request whose login has been looked up.
    func resume(_ request: Request, lookedUp outcome: LookupOutcome, on thread: PacketThread) {
        guard let attempt = attempt(request), let name = attempt.name else {
            return shed(request, .malformed, .none, on: thread)
        }
        switch outcome {
        case .found(let entry): judge(request, attempt, entry, .justRead, on: thread)
        case .unavailable:
            guard let entry = cache.find(name, site: attempt.site), entry.known != nil, age(entry) <= survival else {
                return shed(request, .databaseAway, attempt.method, on: thread)
            }
            judge(request, attempt, entry, .surviving, on: thread)
        }
    }

    private func lookUp(
        _ request: Request, _ name: UnsafeRawBufferPointer, _ attempt: Attempt, on thread: PacketThread
    ) {
        let lookup = LookupRequest(
            name: LoginName(name, site: attempt.site), site: request.gateway.gateway.nas.siteID,
            request: thread.deferRequest(request), thread: self.thread)
        guard !lookups.inbox.append(lookup) else { return }
        thread.note(AccessDecision(.drop(.overloadedLookup), attempt.method), request)
        thread.forget([lookup.request], .overloadedLookup)
    }

    private func age(_ entry: LoginEntry) -> UInt64 { now >= entry.askedAt ? now - entry.askedAt : 0 }

    // MARK: Judging

    /// How current what is judged by is.
    enum Currency { case justRead, remembered, surviving }

    private func judge(
        _ request: Request, _ attempt: Attempt, _ entry: LoginEntry, _ currency: Currency, on thread: PacketThread
    ) {
        guard let known = entry.known else {
            return refuse(request, entry.refusalOfUnknown, attempt, on: thread)
        }
        switch check(request, attempt, known) {
        case .right: decide(request, attempt, entry, known, currency, on: thread)
        case .wrong: refuse(request, .wrongPassword, attempt, known, on: thread)
        case .unsupported: refuse(request, .unsupportedMethod, attempt, known, on: thread)
        case .malformed: shed(request, .malformed, attempt.method, on: thread)
        case .slow(let password, let hash, let digest, let suspects, let isSuspect):
            let verification = PendingVerification(
                hash: hash, password: password, digest: digest, suspects: suspects, isSuspect: isSuspect)
            verify(request, entry, known, verification, on: thread)
        }
    }

    /// A request whose password has been verified by the pool.
    func resume(_ request: Request, _ verification: Verification, on thread: PacketThread) {
        guard let attempt = attempt(request), let known = verification.entry.known else {
            return shed(request, .malformed, .none, on: thread)
        }
        switch verification.outcome {
        case .right:
            passwords.right.insert(verification.digest, now: now)
            decide(request, attempt, verification.entry, known, .justRead, on: thread)
        case .wrong:
            passwords.wrong.insert(verification.digest, now: now)
            for suspect in verification.suspects { passwords.suspects.insert(suspect, now: now) }
            refuse(request, .wrongPassword, attempt, known, on: thread)
        case .shed: shed(request, .overloadedPassword, attempt.method, on: thread)
        }
    }

    /// The first Accept from an entry: that an account is in use, and that nothing it uses need be held against a quota.
    private func noteFirst(_ known: LoginEntry.Known, _ decider: SiteDecider) {
        if known.source.kind == .account { environment.accountSightings.note(AccountID(known.source.id)) }
        if !decider.hasQuota(known.subject) {
            environment.notes.found(known.subject.reference, octetsLeft: nil, hasQuota: false)
        }
    }

    private func decide(
        _ request: Request, _ attempt: Attempt, _ entry: LoginEntry, _ known: LoginEntry.Known, _ currency: Currency,
        on thread: PacketThread
    ) {
        guard let decider = request.gateway.decider else {
            return refuse(request, .unavailable, attempt, known, on: thread)
        }
        let decision = decider.decide(
            known, day: entry.day, station: { request.packet.first(.callingStationID).map(AccountingReader.station) },
            now: date)
        switch decision {
        case .accept(let allowance):
            switch place(request, entry, known, allowance, currency) {
            case .taken: break
            case .none: return refuse(request, .tooManyDevices, attempt, known, on: thread)
            case .doubtful:
                guard let name = attempt.name else { return refuse(request, .unavailable, attempt, known, on: thread) }
                return lookUp(request, name, attempt, on: thread)
            }
            if entry.noteAccept() { noteFirst(known, decider) }
            accept(request, known, allowance, currency == .surviving ? .acceptFromSurvival : .accept, on: thread)
            // One inside a tunnel is let in when EAP has come to its end.
            guard request.inner == nil else { return }
            thread.note(
                AccessDecision(currency == .surviving ? .acceptFromSurvival : .accept, attempt.method, known.source),
                request)
        case .refuse(let reason):
            // What was read some seconds ago may have changed for the better: a quota renewed, a device gone.
            if currency == .remembered, age(entry) > refusalLifetime, !health.storeIsAway,
                let name = attempt.name
            {
                return lookUp(request, name, attempt, on: thread)
            }
            refuse(request, reason, attempt, known, on: thread)
        }
    }

    /// Whether a device that the rules let in gets a place among those let in before it.
    private enum Place { case taken, none, doubtful }

    private func place(
        _ request: Request, _ entry: LoginEntry, _ known: LoginEntry.Known, _ allowance: Allowance, _ currency: Currency
    ) -> Place {
        guard let left = allowance.placesLeft, let station = CallingStation(request.packet) else { return .taken }
        // The last place may have gone since, on another node, whose accounting this one is not told of.
        if left == 1, currency == .remembered, age(entry) > placeLifetime, !health.storeIsAway,
            !known.stations.contains(where: { $0.isConnected && CallingStation($0.name) == station })
        {
            return .doubtful
        }
        let now = date.timeIntervalSince1970
        let isTaken = environment.recentAccepts.take(known.subject.reference, station, places: left, at: now) {
            number, since in
            known.stations.contains { other in
                CallingStation(other.name).number == number
                    && (other.isConnected || other.heardAt.timeIntervalSince1970 >= since)
            }
        }
        return isTaken ? .taken : .none
    }

    // MARK: Replying

    private func accept(
        _ request: Request, _ known: LoginEntry.Known, _ allowance: Allowance, _ kind: TallyKind,
        on thread: PacketThread
    ) {
        if let inner = request.inner { return authorize(request, inner, known, allowance, kind, on: thread) }
        attributes.removeAll(keepingCapacity: true)
        request.gateway.gateway.template?.append(allowance, to: &attributes, memory: request.gateway.replies)
        thread.reply(to: request, .accessAccept, counting: kind) { writer in
            writer.append(.classValue, known.classValue)
            writer.append(encoded: attributes)
            appendIdentity(of: known.classValue, for: request, to: &writer)
            if allowance.psk != nil {
                request.gateway.gateway.template?.appendSalted(
                    allowance, to: &writer, secret: request.secret)
            }
        }
    }

    /// Who asks for a Chargeable-User-Identity gets it.
    func appendIdentity(of subject: [UInt8], for request: Request, to writer: inout PacketWriter) {
        guard let identity = identities.identity(of: subject, for: request.packet) else { return }
        writer.append([identity.attribute])
    }

    /// Answers nothing: the NAS sends again.
    private func shed(_ request: Request, _ kind: TallyKind, _ method: AccessDecision.Method, on thread: PacketThread) {
        thread.note(AccessDecision(.drop(kind), method), request)
        thread.drop(request, kind)
    }

    /// Rejects with the reason twice: by name, for the portal to explain in the visitor's language, and as a sentence, for
    /// gateways that show what they get.
    func refuse(
        _ request: Request, _ reason: RefusalReason, _ attempt: Attempt, _ known: LoginEntry.Known? = nil,
        on thread: PacketThread
    ) {
        thread.note(AccessDecision(.reject(reason), attempt.method, known?.source), request)
        if let inner = request.inner { return refuse(request, inner, reason, on: thread) }
        refuse(request, reason, on: thread)
    }

    /// The same for a request whose decision somebody else notes.
    func refuse(_ request: Request, _ reason: RefusalReason, on thread: PacketThread) {
        request.gateway.tally.countReject(reason.rawValue)
        thread.reply(to: request, .accessReject, counting: .reject) { writer in
            // RFC 3579 §2.6.5: no Reply-Message beside an EAP-Message; §2.6.3: a Reject carries EAP-Failure.
            if let message = request.packet.first(.eapMessage)?.value {
                let identifier = message.count > 1 ? message[1] : 0
                writer.append(.eapMessage, [4, identifier, 0, 4])
                return
            }
            writer.append(.replyMessage, text: reason.rawValue)
            writer.append(.replyMessage, text: reason.sentence(in: .french))
        }
    }
}

extension AuthenticationHandler {
    /// What a request says of who asks.
    struct Attempt {
        /// nil: nothing that we can look up (EAP, no name).
        var name: UnsafeRawBufferPointer?
        /// The site if a device authenticates by its address, else 0.
        var site: Int64
        /// The password of a PAP request, until the next request is handled.
        var password: UnsafeRawBufferPointer?
        var hasCHAP: Bool
        var hasEAP = false

        /// What the log calls it.
        var method: AccessDecision.Method {
            if site != 0 { return .mac }
            if hasEAP { return .eap }
            return password != nil ? .pap : hasCHAP ? .chap : .none
        }
    }

    /// Reads a request's credentials; nil when they contradict each other or have no possible length (RFC 2865 §4.1).
    private func attempt(_ request: Request) -> Attempt? {
        if let inner = request.inner {
            return Attempt(name: inner.name?.bytes, site: 0, password: inner.password, hasCHAP: false, hasEAP: true)
        }
        let packet = request.packet
        let (hidden, hasCHAP) = (packet.first(.userPassword), packet.has(.chapPassword))
        if hidden != nil, hasCHAP { return nil }
        guard !packet.has(.eapMessage), let name = packet.first(.userName)?.value, !name.isEmpty else {
            return Attempt(
                name: nil, site: 0, password: nil, hasCHAP: hasCHAP, hasEAP: packet.has(.eapMessage))
        }
        var attempt = Attempt(name: name, site: 0, password: nil, hasCHAP: hasCHAP)
        if let hidden, packet.version == .radius11 {
            attempt.password = hidden.value  // RFC 9765 §5.1.1: as it is
        } else if let hidden {
            guard
                let length = try? request.secret.reveal(
                    hidden.value, authenticator: packet.authenticator, into: revealed)
            else { return nil }
            attempt.password = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(revealed)[..<length])
        }
        if isDevice(packet, name, attempt.password) { attempt.site = request.gateway.gateway.nas.siteID.rawValue }
        // Neither password nor challenge: only a device may be meant (Service-Type Call-Check).
        if attempt.site == 0, attempt.password == nil, !hasCHAP { attempt.name = nil }
        return attempt
    }

    /// Whether a device authenticates by its MAC address: the name is one, and is the calling station's or the password.
    private func isDevice(
        _ packet: PacketView, _ name: UnsafeRawBufferPointer, _ password: UnsafeRawBufferPointer?
    ) -> Bool {
        guard name.count <= MACAddress.longestSpelling, let address = MACAddress(ascii: name) else { return false }
        if let station = CallingStation(packet), station.address == address { return true }
        // Each may be spelled in its own way.
        guard let password else { return false }
        return MACAddress(ascii: password) == address
    }
}
