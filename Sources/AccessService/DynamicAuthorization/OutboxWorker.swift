internal import Foundation
internal import Logging
internal import Metrics
internal import RADIUS
internal import Store
internal import Territory

/// Carries out what other daemons leave in the outbox: ends sessions, changes them, has devices authenticate again.
///
/// A command is claimed for a lease; a node that dies with one loses it to another. Bound: one claim at a time, of 100
/// commands at most.
struct OutboxWorker: Sendable {
    /// Longer than the retransmissions of one command.
    private static let lease: Duration = .seconds(60)

    let outbox: Outbox
    let directory: GatewayDirectory
    let client: AuthorizationClient
    let dictionary: AttributeDictionary
    let clock: AccessClock
    let logger: Logger

    /// Serves until the task is cancelled.
    func run() async {
        let rings = BatchInbox<Void>(capacity: 1)
        await withDiscardingTaskGroup { group in
            group.addTask { for await _ in outbox.arrivals { _ = rings.append(()) } }
            // Commands due later (a retry, a lease that ended) ring nothing.
            group.addTask {
                for await _ in Ticker(interval: .seconds(2), clock: ContinuousClock()) { _ = rings.append(()) }
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
        guard command.session != nil || command.device != nil else { return await finish(command, "gone") }
        guard let request = request(command, served) else { return await finish(command, "unsupported") }
        guard let request = request.resolved else { return await retry(command, "nas-unreachable") }
        let outcome = await client.send(request)
        Counter(
            label: "socle_access_commands_total",
            dimensions: [("nas", "\(command.nasID)"), ("command", command.kind.rawValue), ("outcome", outcome.text)]
        ).increment()
        logger.info(
            "a command to a NAS has ended",
            metadata: [
                "nas": "\(command.nasID)", "command": "\(command.kind.rawValue)", "outcome": "\(outcome.text)",
                "session": "\(command.session.map { $0.sessionID.uuidString } ?? "-")", "outbox": "\(command.id)",
            ])
        switch outcome {
        // Session-Context-Not-Found: it is over, which is what was wanted.
        case .ack, .nak: await finish(command, outcome.text)
        case .timeout, .notSent: await retry(command, outcome.text)
        }
    }

    private func finish(_ command: OutboxCommand, _ outcome: String) async {
        do { try await outbox.finish(command.id, outcome: outcome, at: clock.calendar()) } catch {
            // The lease ends and it is done again, which harms nothing.
            logger.warning(
                "the outcome of a command cannot be stored",
                metadata: ["outbox": "\(command.id)", "error": "\(error)"])
        }
    }

    private func retry(_ command: OutboxCommand, _ outcome: String) async {
        do { try await outbox.retry(command, outcome: outcome, now: clock.calendar()) } catch {
            logger.warning(
                "a command cannot be given back", metadata: ["outbox": "\(command.id)", "error": "\(error)"])
        }
    }

    // MARK: Requests

    private struct Draft {
        var code: PacketCode
        var attributes: [UInt8]
        var served: ServedNAS
        var port: UInt16
        var signs: Bool

        /// The request with its destination; nil: we do not know where the NAS is.
        var resolved: AuthorizationCommand? {
            guard let destination = served.commandDestination(port: port) else { return nil }
            let secret = served.nas.coaSecret ?? served.nas.secret
            return AuthorizationCommand(
                code: code, destination: destination, secret: secret.bytes, attributes: attributes,
                messageAuthenticator: signs)
        }
    }

    /// nil: this equipment cannot be told that.
    private func request(_ command: OutboxCommand, _ served: ServedNAS) -> Draft? {
        guard let profile = served.profile, let authorization = profile.dynamicAuthorization else { return nil }
        let identity: SessionIdentity
        if let session = command.session {
            identity = SessionIdentity(session, nasIdentifier: served.nas.identifier)
        } else if let device = command.device {
            identity = SessionIdentity(device: device, nasIdentifier: served.nas.identifier)
        } else {
            return nil
        }
        let now = clock.calendar()
        var code = PacketCode.disconnectRequest
        var attributes: [ProfileAttribute]?
        switch command.kind {
        case .disconnect: attributes = profile.disconnectAttributes(for: identity, now: now)
        case .coa:
            code = .coaRequest
            attributes = Self.allowance(command, now).flatMap {
                profile.changeAttributes(for: identity, allowance: $0, now: now)
            }
        case .reauthenticate:
            guard let request = profile.reauthenticateRequest(for: identity, now: now) else { return nil }
            code = request.method == .coa ? .coaRequest : .disconnectRequest
            attributes = request.attributes
        }
        guard let attributes, let encoded = encode(attributes) else { return nil }
        let port = served.nas.coaPort ?? authorization.port
        return Draft(
            code: code, attributes: encoded, served: served, port: UInt16(clamping: port),
            signs: authorization.messageAuthenticator)
    }

    private func encode(_ attributes: [ProfileAttribute]) -> [UInt8]? {
        var octets: [UInt8] = []
        for attribute in attributes {
            guard let encoded = try? dictionary.encode(attribute.name, attribute.value) else { return nil }
            octets += encoded
        }
        return octets
    }

    /// The allowance that a `coa` command carries, under the names of `Allowance`'s JSON.
    private static func allowance(_ command: OutboxCommand, _ now: Date) -> Allowance? {
        let number = { (key: Allowance.CodingKeys) in command.attributes[key.rawValue].flatMap(Int64.init) }
        guard let seconds = number(.sessionTimeoutSeconds) else { return nil }
        return Allowance(
            sessionTimeoutSeconds: Int(clamping: seconds),
            idleTimeoutSeconds: number(.idleTimeoutSeconds).map { Int(clamping: $0) },
            remainingOctets: number(.remainingOctets), rateDownBitsPerSecond: number(.rateDownBitsPerSecond),
            rateUpBitsPerSecond: number(.rateUpBitsPerSecond), endsAt: now.addingTimeInterval(Double(seconds)))
    }
}

extension ServedNAS {
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
