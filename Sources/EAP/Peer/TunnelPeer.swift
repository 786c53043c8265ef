internal import OpenSSL

/// The peer's side of one TLS-based method.
final class TunnelPeer {
    private let settings: EAPPeerSettings
    private let session: TLSSession
    private let packetSize: Int
    private let random: @Sendable (Int) -> [UInt8]
    private var receiver = FragmentReceiver()
    private var sender: FragmentSender
    private var inner: (any InnerPeer)?
    private var hasStarted = false
    private var hasEntered = false
    private var isIndicated = false

    /// Why it will not end well; nil while it may.
    var failure: EAPFailureReason? { fault ?? (inner?.isRefused == true ? .passwordWrong : nil) }

    private var fault: EAPFailureReason?

    init?(_ settings: EAPPeerSettings, packetSize: Int, random: @escaping @Sendable (Int) -> [UInt8]) {
        guard let session = try? TLSSession(settings.tls, resuming: settings.resuming) else { return nil }
        (self.settings, self.session, self.packetSize, self.random) = (settings, session, packetSize, random)
        sender = FragmentSender([], packetSize: packetSize)
    }

    /// Whether the server may end in a Success now.
    var isDone: Bool {
        guard failure == nil, session.state == .established, hasEntered else { return false }
        if isIndicated { return true }
        // On TLS 1.3 only the indication ends EAP-TLS and a resumed session (RFC 9190 §2.5, RFC 9427 §4).
        if session.version == .tls13, settings.method == .tls || session.isResumed { return false }
        if settings.method == .tls || (session.isResumed && settings.method.outer == .ttls) { return true }
        return inner?.isDone ?? false
    }

    /// What to resume next time.
    var resumable: [UInt8]? { session.resumable }

    /// What the method gives; nil when libssl cannot export keys.
    func success() -> EAPPeerSuccess? {
        guard let version = session.version, let keys = try? TunnelKeys(session, type: settings.method.outer.type)
        else { return nil }
        return EAPPeerSuccess(
            msk: keys.msk, emsk: keys.emsk, tlsVersion: version, isResumed: session.isResumed,
            resumable: session.resumable, serverCertificates: session.peerCertificates)
    }

    /// The frame that answers this one.
    func receive(_ data: [UInt8]) throws(EAPError) -> [UInt8] {
        if sender.hasMore {
            var probe = FragmentReceiver()
            guard try probe.receive(data) == .acknowledgement else { throw EAPError(.unexpectedPacket) }
            return sender.next()
        }
        let isStart = TLSFlags(rawValue: data.first ?? 0).contains(.start)
        guard isStart != hasStarted else { throw EAPError(.unexpectedPacket) }
        switch try receiver.receive(data, allowsStart: true) {
        case .fragment: return [0]
        case .acknowledgement: return isStart ? begin() : advance([])
        case .message(let message):
            guard !isStart else { throw EAPError(.flagsInvalid) }
            return advance(message)
        }
    }

    private func begin() -> [UInt8] {
        hasStarted = true
        do { try session.handshake() } catch { return fail(.tls(error.code)) }
        return send()
    }

    private func fail(_ reason: EAPFailureReason) -> [UInt8] {
        fault = fault ?? reason
        return send()
    }

    private func send() -> [UInt8] {
        sender = FragmentSender(session.takeOutput(), packetSize: packetSize)
        return sender.next()
    }

    private func advance(_ message: [UInt8]) -> [UInt8] {
        guard fault == nil else { return [0] }
        do {
            try session.receive(message)
            guard session.state == .established else { return send() }
            if !hasEntered { return try enter() }
            return try answer(session.read())
        } catch let error as TLSFailure {
            return fail(.tls(error.code))
        } catch {
            return fail(.malformed((error as? EAPError)?.code ?? .cryptography))
        }
    }

    /// The tunnel stands.
    private func enter() throws -> [UInt8] {
        hasEntered = true
        inner = try makeInner()
        let plaintext = try session.read()
        guard !session.isResumed, settings.method.outer == .ttls else {
            return plaintext.isEmpty ? send() : try answer(plaintext)
        }
        if session.pendingOutput == 0 || settings.joinsFinished { try speak() }
        return send()
    }

    private func makeInner() throws -> (any InnerPeer)? {
        switch settings.method {
        case .tls: return nil
        case .peap(let method):
            return PEAPPeer(
                InnerEAPPeer(method, settings: settings, random: random), isResumed: session.isResumed)
        case .ttls(let method): return try ttls(InnerEAPPeer(method, settings: settings, random: random))
        case .ttlsPAP, .ttlsCHAP, .ttlsMSCHAPv2: return try ttls(nil)
        }
    }

    private func ttls(_ eap: InnerEAPPeer?) throws -> TTLSPeer {
        TTLSPeer(settings: settings, eap: eap, challenge: try TunnelKeys.challenge(session), random: random)
    }

    private var hasSpoken = false

    private func speak() throws {
        hasSpoken = true
        guard let words = try inner?.begin() else { return }
        try session.write(words)
    }

    private func answer(_ plaintext: [UInt8]) throws -> [UInt8] {
        guard session.state == .established else { return fail(.refusedByPeer) }
        if plaintext.isEmpty {
            // A ticket alone, or the server waits for our first words.
            if settings.method.outer == .ttls, !session.isResumed, !hasSpoken { try speak() }
            return send()
        }
        if session.version == .tls13, settings.method == .tls || session.isResumed {
            guard plaintext == [0] else { return fail(.malformed(.innerPacketInvalid)) }
            isIndicated = true
            return send()
        }
        guard let words = try inner?.receive(plaintext) else { return fail(.malformed(.innerPacketInvalid)) }
        try session.write(words)
        return send()
    }
}
