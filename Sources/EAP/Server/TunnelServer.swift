internal import OpenSSL

/// The server's side of one TLS-based method: frames, handshake, what is inside, and the end.
final class TunnelServer {
    /// What follows from an event.
    enum Step {
        /// Send this after the type octet.
        case frame([UInt8])
        case verify(InnerCredential)
        case resumed(EAPResumption)
        case success(EAPSuccess)
        case failure(EAPFailureReason)
    }

    private enum Phase {
        case handshake
        case inside
        case verifying
        case resuming
        /// The last message is out: the peer's acknowledgement brings the end.
        case succeeding
        case failing(EAPFailureReason)
    }

    private let method: EAPServerMethod
    private let session: TLSSession
    private let settings: EAPServerSettings
    private let identity: EAPIdentity
    private let packetSize: Int
    private let random: @Sendable (Int) -> [UInt8]
    private var phase = Phase.handshake
    private var receiver: FragmentReceiver
    private var sender: FragmentSender
    private var inner: (any InnerServer)?
    private var authorization: [UInt8]?
    private var isTicketIssued = false
    private var isEarlyTicketIssued = false
    private var hasHandle = false
    private let handle: [UInt8]

    /// Begins a method; nil when libssl has no memory for a session.
    init?(
        _ method: EAPServerMethod, settings: EAPServerSettings, identity: EAPIdentity, packetSize: Int,
        random: @escaping @Sendable (Int) -> [UInt8]
    ) {
        guard let context = settings.context(method), let session = try? TLSSession(context) else { return nil }
        (self.method, self.session, self.settings, self.identity) = (method, session, settings, identity)
        (self.packetSize, self.random) = (packetSize, random)
        receiver = FragmentReceiver(hasVersion: method != .tls)
        sender = FragmentSender([], packetSize: packetSize)
        handle = random(16)
        prepareTickets()
    }

    /// What follows the type octet in the first request.
    static let start = [TLSFlags.start.rawValue]

    /// Takes what follows the type octet of a response. Throws for a frame to be discarded: nothing has changed.
    func receive(_ data: [UInt8]) throws(EAPError) -> Step {
        switch phase {
        case .verifying, .resuming: throw EAPError(.answerPending)
        case .handshake, .inside, .succeeding, .failing: break
        }
        if sender.hasMore {
            var probe = FragmentReceiver(hasVersion: method != .tls)
            guard try probe.receive(data) == .acknowledgement else { throw EAPError(.unexpectedPacket) }
            return .frame(sender.next())
        }
        switch try receiver.receive(data) {
        case .fragment: return .frame([0])
        case .acknowledgement: return try advance([])
        case .message(let message): return try advance(message)
        }
    }

    /// The caller's answer.
    func answer(_ verdict: EAPVerdict) throws(EAPError) -> Step {
        switch phase {
        case .verifying: return try guarded { () throws(EAPError) in try judge(verdict) }
        case .resuming: return try guarded { () throws(EAPError) in try judgeResumption(verdict) }
        case .handshake, .inside, .succeeding, .failing: throw EAPError(.nothingToAnswer)
        }
    }

    /// A whole TLS message, or an acknowledgement.
    private func advance(_ message: [UInt8]) throws(EAPError) -> Step {
        switch phase {
        case .handshake where message.isEmpty && session.state == .handshaking: throw EAPError(.unexpectedPacket)
        case .handshake: return shakeHands(message)
        case .inside: return try guarded { () throws(EAPError) in try listen(message) }
        case .succeeding: return conclude(message)
        case .failing(let reason): return .failure(reason)
        case .verifying, .resuming: throw EAPError(.answerPending)
        }
    }

    /// Past the handshake an unreadable packet is the peer's fault, not the link's: TLS has vouched for it.
    private func guarded(_ body: () throws(EAPError) -> Step) throws(EAPError) -> Step {
        do { return try body() } catch { return .failure(.malformed(error.code)) }
    }
}

// The handshake.
extension TunnelServer {
    private func shakeHands(_ message: [UInt8]) -> Step {
        let wasEstablished = session.state == .established
        do { try session.receive(message) } catch { return fail(error) }
        guard session.state == .established else { return send(session.takeOutput()) }
        // On TLS 1.2 our Finished goes out first; the peer answers with nothing or, in TTLS, with its credential.
        if !wasEstablished, session.pendingOutput > 0 { return send(session.takeOutput()) }
        return enter()
    }

    /// The tunnel stands. The peer's first words may have come with its Finished (RFC 9427 §3).
    private func enter() -> Step {
        let plaintext: [UInt8]
        do { plaintext = try session.read() } catch { return fail(error) }
        guard session.state == .established else { return .failure(.refusedByPeer) }
        if session.isResumed {
            guard let cached = session.resumedTicketData.flatMap(TicketData.init)?.authorization(settings.memory) else {
                return .failure(.refused)
            }
            phase = .resuming
            return .resumed(
                EAPResumption(
                    cachedAuthorization: cached, certificate: session.peerCertificates.first, identity: identity))
        }
        return method == .tls ? verifyCertificate() : begin(plaintext)
    }

    private func verifyCertificate() -> Step {
        let chain = session.peerCertificates
        guard !chain.isEmpty else { return .failure(.tls(.certificateMissing)) }
        phase = .verifying
        return .verify(.certificate(chain: chain, identity: identity))
    }

    private func begin(_ plaintext: [UInt8]) -> Step {
        do {
            var inner = try makeInner()
            self.inner = inner
            phase = .inside
            let step = plaintext.isEmpty ? try inner.begin() : try inner.receive(plaintext)
            self.inner = inner
            return follow(step)
        } catch let error as EAPError {
            return .failure(.malformed(error.code))
        } catch {
            return .failure(.tls((error as? TLSFailure)?.code ?? .operationFailed))
        }
    }

    private func makeInner() throws(TLSFailure) -> any InnerServer {
        guard method == .ttls else { return PEAPServer(settings: settings, random: random) }
        return TTLSServer(challenge: try TunnelKeys.challenge(session), settings: settings, random: random)
    }

    /// Sends the alert if there is one, and ends in a Failure once the peer has seen it (RFC 5216 §2.1.3).
    private func fail(_ failure: TLSFailure) -> Step {
        let alert = session.takeOutput()
        guard !alert.isEmpty else { return .failure(.tls(failure.code)) }
        phase = .failing(.tls(failure.code))
        return send(alert)
    }

    private func send(_ records: [UInt8]) -> Step {
        sender = FragmentSender(records, packetSize: packetSize)
        return .frame(sender.next())
    }
}

// Inside the tunnel, and the end.
extension TunnelServer {
    private func listen(_ message: [UInt8]) throws(EAPError) -> Step {
        let plaintext: [UInt8]
        do {
            try session.receive(message)
            plaintext = try session.read()
        } catch { return fail(error) }
        guard session.state == .established else { return .failure(.refusedByPeer) }
        // TLS spoke to itself (a new key): that is nobody's acknowledgement.
        if plaintext.isEmpty, !message.isEmpty { return send(session.takeOutput()) }
        guard let step = try inner?.receive(plaintext) else { throw EAPError(.unexpectedPacket) }
        return follow(step)
    }

    private func judge(_ verdict: EAPVerdict) throws(EAPError) -> Step {
        switch verdict {
        case .accept(let cached), .ntHash(_, let cached): authorization = cached
        case .reject: break
        }
        if method == .tls {
            guard case .accept = verdict else { return .failure(.refused) }
            return session.version == .tls13 ? indicateSuccess() : succeed()
        }
        phase = .inside
        guard let step = try inner?.answer(verdict) else { throw EAPError(.nothingToAnswer) }
        return follow(step)
    }

    private func judgeResumption(_ verdict: EAPVerdict) throws(EAPError) -> Step {
        guard case .accept(let cached) = verdict else { return .failure(.refused) }
        authorization = cached
        if session.version == .tls13 { return indicateSuccess() }
        guard method == .peap else { return succeed() }
        return conclude(PEAPServer(settings: settings, random: random))
    }

    private func follow(_ step: InnerStep) -> Step {
        switch step {
        case .wait:
            issueEarlyTicket()
            return send(session.takeOutput())
        case .send(let plaintext):
            if inner?.isProven == true { issueTicket() }
            do { try session.write(plaintext) } catch { return fail(error) }
            return send(session.takeOutput())
        case .verify(let credential):
            phase = .verifying
            return .verify(credential)
        case .accept:
            if settings.sendsTicketAlone { issueTicket() }
            guard session.pendingOutput > 0 else { return succeed() }
            phase = .succeeding
            return send(session.takeOutput())
        case .reject(let reason): return .failure(reason)
        }
    }

    /// The protected indication that nothing follows (RFC 9190 §2.5, RFC 9427 §4), with a ticket.
    private func indicateSuccess() -> Step {
        issueTicket()
        do { try session.write([0]) } catch { return fail(error) }
        phase = .succeeding
        return send(session.takeOutput())
    }

    /// The peer acknowledges the last message. An alert instead means that it does not agree.
    ///
    /// What it says beside that changes nothing any more, but two habits of wpa_supplicant (up to 2.10) must be borne. It
    /// answers a ticket alone with its credential again, and is content with a Success. It answers PEAP's indication with an
    /// inner Nak, and is content with the Result that ends a resumed session on TLS 1.2.
    private func conclude(_ message: [UInt8]) -> Step {
        let plaintext: [UInt8]
        do {
            try session.receive(message)
            plaintext = try session.read()
        } catch { return .failure(.tls(error.code)) }
        guard session.state == .established else { return .failure(.refusedByPeer) }
        guard method == .peap, !plaintext.isEmpty else { return succeed() }
        return conclude(PEAPServer(settings: settings, random: random))
    }

    /// Ends a resumed PEAP session by the Result.
    private func conclude(_ peap: PEAPServer) -> Step {
        var peap = peap
        phase = .inside
        let step = peap.resume()
        inner = peap
        return follow(step)
    }

    private func succeed() -> Step {
        rememberAuthorization()
        guard let version = session.version, let keys = try? TunnelKeys(session, type: method.type) else {
            return .failure(.tls(.operationFailed))
        }
        return .success(
            EAPSuccess(
                method: method, msk: keys.msk, emsk: keys.emsk, sessionID: keys.sessionID, outerIdentity: identity,
                innerIdentity: session.isResumed ? nil : inner?.identity, tlsVersion: version,
                cipherSuite: session.cipherSuite ?? "", isResumed: session.isResumed))
    }
}

// Tickets.
extension TunnelServer {
    /// Before the handshake: tickets of TLS 1.2 are part of it.
    private func prepareTickets() {
        guard let memory = settings.memory else {
            session.acceptsTicketData = { TicketData($0)?.authorization(nil) != nil }
            return
        }
        // Refused where tickets are turned off: then there are none.
        hasHandle = (try? session.setTicketData(TicketData.handle(handle).octets)) != nil
        // TLS 1.2 replaces a ticket of an older key by one with this handle, which is never remembered: a full handshake
        // follows once. Sealing the old handle again would let an expired ticket live on, since this is asked before the
        // ticket's age is.
        session.acceptsTicketData = { TicketData($0)?.authorization(memory) != nil }
    }

    /// On TLS 1.3, in a frame that would have been empty.
    private func issueEarlyTicket() {
        guard session.version == .tls13, !isTicketIssued, settings.memory != nil, !settings.sendsTicketAlone else {
            return
        }
        isEarlyTicketIssued = (try? session.issueTicket()) != nil
    }

    /// On TLS 1.3, once somebody is proven. A context without ticket keys refuses, which is no fault.
    private func issueTicket() {
        guard !isTicketIssued, session.version == .tls13, let authorization else { return }
        guard (try? session.setTicketData(TicketData.authorization(authorization).octets)) != nil else { return }
        isTicketIssued = (try? session.issueTicket()) != nil
    }

    /// Only now may an early ticket be resumed.
    private func rememberAuthorization() {
        guard hasHandle, session.version == .tls12 || isEarlyTicketIssued, !session.isResumed, !isTicketIssued,
            let authorization, authorization.count < TLSSession.longestTicketData
        else { return }
        settings.memory?.remember(authorization, handle: handle)
    }
}
