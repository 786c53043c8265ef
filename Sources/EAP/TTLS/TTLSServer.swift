internal import OpenSSL

/// The server's side inside TTLS: AVPs that hold a credential (RFC 5281 §11), or an EAP conversation (§11.2.1).
struct TTLSServer: InnerServer {
    private enum State {
        case credential
        case verifying(TTLSCredential)
        /// MS-CHAP2-Success was sent; the peer acknowledges with nothing.
        case succeeding
        case conversing
    }

    private var state = State.credential
    private var eap: InnerEAPServer
    private var eapIdentifier: UInt8 = 0
    private var user: String?
    private var isPasswordRight = false
    /// 17 octets: see ``TunnelKeys/challenge(_:)``.
    private let challenge: [UInt8]

    init(challenge: [UInt8], settings: EAPServerSettings, random: @escaping @Sendable (Int) -> [UInt8]) {
        self.challenge = challenge
        eap = InnerEAPServer(settings: settings, random: random)
    }

    var identity: String? { user ?? eap.identity }
    var isProven: Bool { isPasswordRight || eap.isProven }

    mutating func begin() -> InnerStep { .wait }

    mutating func receive(_ plaintext: [UInt8]) throws(EAPError) -> InnerStep {
        switch state {
        case .credential:
            guard !plaintext.isEmpty else { return .wait }
            let avps = try AVP.decode(plaintext)
            if avps.contains(where: { $0.code == .eapMessage }) { return try converse(avps) }
            let credential = try TTLSCredential(avps, challenge: challenge)
            user = credential.user
            state = .verifying(credential)
            return .verify(credential.inner)
        case .succeeding:
            guard plaintext.isEmpty else { throw EAPError(.unexpectedPacket) }
            return .accept
        case .conversing: return try converse(AVP.decode(plaintext))
        case .verifying: throw EAPError(.answerPending)
        }
    }

    mutating func answer(_ verdict: EAPVerdict) throws(EAPError) -> InnerStep {
        guard case .verifying(let credential) = state else { return wrap(try eap.answer(verdict)) }
        switch (credential.inner, verdict) {
        case (.mschapv2(let exchange), .ntHash(let hash, _)):
            guard try exchange.isProven(by: hash) else { return .reject(.passwordWrong) }
            (isPasswordRight, state) = (true, .succeeding)
            let proof = [exchange.identifier] + Array(try exchange.authenticatorResponse(hash).utf8)
            return .send(AVP(.mschap2Success, proof).encoded())
        case (.pap, .accept), (.chap, .accept):
            isPasswordRight = true
            return .accept
        case (.mschapv2, _), (.pap, _), (.chap, _), (.certificate, _): return .reject(.refused)
        }
    }

    mutating func resume() -> InnerStep { .accept }

    /// One packet of the EAP conversation: the values of all EAP-Message AVPs together (RFC 5281 §11.2.1).
    private mutating func converse(_ avps: [AVP]) throws(EAPError) -> InnerStep {
        guard avps.allSatisfy({ $0.code == .eapMessage || !$0.isMandatory }) else {
            throw EAPError(.avpUnsupported)
        }
        let octets = Array(avps.filter { $0.code == .eapMessage }.map(\.value).joined())
        guard case .response(let identifier, let method, let data) = try EAPPacket(decoding: octets) else {
            throw EAPError(.innerPacketInvalid)
        }
        // The peer begins with an Identity that nobody requested: any identifier will do.
        if case .conversing = state {
            guard identifier == eapIdentifier else { throw EAPError(.innerPacketInvalid) }
        } else {
            (state, eapIdentifier) = (.conversing, identifier)
        }
        return wrap(try eap.receive(method, data))
    }

    private mutating func wrap(_ step: InnerEAPServer.Step) -> InnerStep {
        switch step {
        case .request(let method, let data):
            eapIdentifier &+= 1
            let packet = EAPPacket.request(identifier: eapIdentifier, method, data: data)
            return .send(AVP(.eapMessage, packet.encoded()).encoded())
        case .verify(let credential): return .verify(credential)
        case .proven: return .accept
        case .refused(let reason): return .reject(reason)
        }
    }
}
