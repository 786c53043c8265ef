internal import Foundation
internal import Logging
internal import Metrics
internal import Pacing
internal import RADIUS
internal import Store
internal import Territory

/// Carries out what other daemons leave in the outbox: ends sessions, changes them, has devices authenticate again.
///
/// A command is claimed for a lease; a node that dies with one loses it to another. A session is over when accounting says
/// so: what the NAS acknowledged is looked at again until then, and when the session goes on the next method of the
/// equipment's profile is tried. Bound: one claim at a time, of 100 commands at most.
struct OutboxWorker: Sendable {
    /// Longer than the retransmissions of one command.
    private static let lease: Duration = .seconds(60)

    let outbox: Outbox
    let directory: GatewayDirectory
    let client: AuthorizationClient
    /// Tried before datagrams: the connections that NAS have made to us.
    let transport: any AuthorizationTransport
    let dictionary: AttributeDictionary
    let clock: AccessClock
    /// How often commands are looked for that fall due without a notification.
    let interval: Duration
    let logger: Logger

    /// Serves until the task is cancelled.
    func run() async {
        let rings = BatchInbox<Void>(capacity: 1)
        await withDiscardingTaskGroup { group in
            group.addTask { for await _ in outbox.arrivals { _ = rings.append(()) } }
            // Commands due later (a retry, a lease that ended) ring nothing.
            group.addTask {
                for await _ in Ticker(interval: interval, clock: ContinuousClock()) { _ = rings.append(()) }
            }
            while !(await rings.next()).isEmpty { await serve() }
            group.cancelAll()
        }
    }

    /// Carries out all that is due now.
    func serve() async {
        while !Task.isCancelled {
            do {
                let commands = try await outbox.claim(lease: Self.lease, now: clock.calendar())
                if commands.isEmpty { return }
                await withDiscardingTaskGroup { group in
                    for command in commands { group.addTask { await carryOut(command) } }
                }
            } catch {
                logger.debug("the outbox cannot be read now", metadata: ["error": "\(error)"])
                return
            }
        }
    }

    private func carryOut(_ command: OutboxCommand) async {
        guard let served = directory.snapshot.find(command.nasID) else { return await finish(command, "nas-unknown") }
        if let acknowledgedAt = command.acknowledgedAt { return await verify(command, served, acknowledgedAt) }
        guard let identity = SessionIdentity(command, served) else { return await finish(command, "gone") }
        let now = clock.calendar()
        guard let profile = served.profile, profile.dynamicAuthorization != nil else {
            return await finish(command, "unsupported")
        }
        let plan = CommandPlan(command, profile, identity: identity, now: now)
        guard plan.requests.indices.contains(command.method) else {
            return await finish(command, command.method == 0 ? "unsupported" : "refused")
        }
        let request = plan.requests[command.method]
        guard let attributes = encode(request.attributes) else { return await finish(command, "unsupported") }
        guard let outcome = await transmit(request.code, attributes, to: served, profile) else {
            return await take(Outbox.again(command, outcome: "nas-unreachable", now: now), of: command)
        }
        note(command, request.method, outcome)
        await settle(command, request.method, outcome, plan, served)
    }

    /// What an outcome leads to.
    private func settle(
        _ command: OutboxCommand, _ method: OutboxCommand.Kind, _ outcome: AuthorizationOutcome, _ plan: CommandPlan,
        _ served: ServedNAS
    ) async {
        let now = clock.calendar()
        let attempt = SessionAttempt(
            at: now, method: method, reason: command.reason, result: outcome.result, errorCause: outcome.errorCause)
        let step: CommandStep
        switch outcome {
        case .ack:
            let isToBeSeen = plan.endsSession && command.session != nil
            let look = CommandVerdict.nextLook(now, served.interimSeconds, now: now)
            step = isToBeSeen ? .acknowledged(at: now, check: look) : .finish(outcome.text)
        case .nak(let cause?) where cause == ErrorCause.sessionContextNotFound.rawValue:
            // It is over, which is what was wanted.
            step = .finish(outcome.text)
        case .nak:
            let isLast = command.method + 1 >= plan.requests.count
            step = isLast ? .finish(outcome.text) : .nextMethod(outcome: outcome.text)
        case .timeout, .notSent: step = Outbox.again(command, outcome: outcome.text, now: now)
        }
        await take(step, of: command, attempt)
    }

    /// Looks at what accounting says of a session that the NAS acknowledged to have ended.
    private func verify(_ command: OutboxCommand, _ served: ServedNAS, _ acknowledgedAt: Date) async {
        let now = clock.calendar()
        let verdict = CommandVerdict(
            command.session, acknowledgedAt: acknowledgedAt, interimSeconds: served.interimSeconds, now: now)
        guard let profile = served.profile else { return await finish(command, "unsupported") }
        // Of a session that is over only the methods are asked for.
        let identity =
            SessionIdentity(command, served) ?? SessionIdentity(userName: "", acctSessionID: "", callingStation: "")
        let plan = CommandPlan(command, profile, identity: identity, now: now)
        let method =
            plan.requests.indices.contains(command.method) ? plan.requests[command.method].method : command.kind
        switch verdict {
        case .unknown:
            let look = CommandVerdict.nextLook(acknowledgedAt, served.interimSeconds, now: now)
            await take(.lookAgain(at: look), of: command)
        case .stopped, .silent: await conclude(command, method, verdict, .finish(verdict.rawValue))
        case .continues:
            let isLast = command.method + 1 >= plan.requests.count
            await conclude(
                command, method, verdict,
                isLast ? .finish(verdict.rawValue) : .nextMethod(outcome: verdict.rawValue))
        }
    }

    private func conclude(
        _ command: OutboxCommand, _ method: OutboxCommand.Kind, _ verdict: CommandVerdict, _ step: CommandStep
    ) async {
        count(method, verdict.rawValue)
        if verdict == .continues {
            logger.warning(
                "a NAS acknowledged the end of a session that goes on",
                metadata: [
                    "nas": "\(command.nasID)", "command": "\(method.rawValue)",
                    "session": "\(command.session.map { $0.sessionID.uuidString } ?? "-")", "outbox": "\(command.id)",
                ])
        }
        await take(
            step, of: command,
            SessionAttempt(at: clock.calendar(), method: method, reason: command.reason, result: verdict.rawValue))
    }

    private func finish(_ command: OutboxCommand, _ outcome: String) async {
        count(command.kind, outcome)
        await take(.finish(outcome), of: command)
    }

    private func take(_ step: CommandStep, of command: OutboxCommand, _ attempt: SessionAttempt? = nil) async {
        do { try await outbox.take(step, of: command, attempt: attempt, now: clock.calendar()) } catch {
            // The lease ends and it is done again, which harms nothing.
            logger.warning(
                "the outcome of a command cannot be stored",
                metadata: ["outbox": "\(command.id)", "error": "\(error)"])
        }
    }

    // MARK: What is told

    private func note(_ command: OutboxCommand, _ method: OutboxCommand.Kind, _ outcome: AuthorizationOutcome) {
        count(method, outcome.result, outcome.errorCause)
        logger.info(
            "a command to a NAS has ended",
            metadata: [
                "nas": "\(command.nasID)", "command": "\(method.rawValue)", "outcome": "\(outcome.text)",
                "session": "\(command.session.map { $0.sessionID.uuidString } ?? "-")", "outbox": "\(command.id)",
            ])
    }

    private func count(_ method: OutboxCommand.Kind, _ result: String, _ errorCause: UInt32? = nil) {
        Counter(
            label: "socle_access_commands_total",
            dimensions: [("method", method.rawValue), ("result", result), ("cause", Self.label(errorCause))]
        ).increment()
    }

    /// The NAS chooses the number: only those that have a name become a label.
    private static func label(_ cause: UInt32?) -> String {
        guard let cause else { return "" }
        let name = ErrorCause(rawValue: cause).description
        return name.hasPrefix("Error-Cause-") ? "other" : name
    }

    // MARK: Sending

    /// Sends one request and waits for what becomes of it; nil: we do not know where the NAS is.
    private func transmit(
        _ code: PacketCode, _ attributes: [UInt8], to served: ServedNAS, _ profile: EquipmentProfile
    ) async -> AuthorizationOutcome? {
        guard let authorization = profile.dynamicAuthorization else { return nil }
        if let outcome = await transport.send(code, attributes, to: served.nas.id) { return outcome }
        let port = UInt16(clamping: served.nas.coaPort ?? authorization.port)
        guard let destination = served.commandDestination(port: port) else { return nil }
        return await client.send(
            AuthorizationCommand(
                code: code, destination: destination, secret: (served.nas.coaSecret ?? served.nas.secret).bytes,
                attributes: attributes, messageAuthenticator: authorization.messageAuthenticator))
    }

    private func encode(_ attributes: [ProfileAttribute]) -> [UInt8]? {
        var octets: [UInt8] = []
        for attribute in attributes {
            guard let encoded = try? dictionary.encode(attribute.name, attribute.value) else { return nil }
            octets += encoded
        }
        return octets
    }
}

extension SessionIdentity {
    /// What a command is about; nil: the session that it names is over.
    fileprivate init?(_ command: OutboxCommand, _ served: ServedNAS) {
        if let session = command.session {
            self.init(session, nasIdentifier: served.nas.identifier)
        } else if let device = command.device {
            self.init(device: device, nasIdentifier: served.nas.identifier)
        } else {
            return nil
        }
    }
}

extension ServedNAS {
    /// How often it is asked to report.
    var interimSeconds: Int { site?.rights.interimSeconds ?? Rights.defaultInterimSeconds }

    /// Where commands to this NAS go, and from which of our addresses: the one it sends its own requests to, because
    /// gateways refuse commands from any other. nil: neither declared nor seen yet.
    func commandDestination(port: UInt16) -> PeerAddress? {
        let seen = peer
        var destination: PeerAddress
        if let address = nas.coaAddress ?? (nas.source.flatMap { $0.isHost ? $0.address : nil }) {
            guard let declared = PeerAddress(text: address.description, port: port) else { return nil }
            destination = declared
            if let seen, seen.isIPv4 == declared.isIPv4 {
                (destination.localHigh, destination.localLow) = (seen.localHigh, seen.localLow)
            }
        } else {
            guard let seen else { return nil }
            destination = seen
        }
        destination.port = port
        return destination
    }
}
