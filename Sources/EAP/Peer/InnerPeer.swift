internal import OpenSSL

/// The peer's side of what happens inside a tunnel.
protocol InnerPeer {
    /// Whether a Success may come now.
    var isDone: Bool { get }
    /// Whether the server said no inside the tunnel.
    var isRefused: Bool { get }
    /// The first message, if it is ours to send; empty if not.
    mutating func begin() throws(EAPError) -> [UInt8]
    /// The answer to the server's message; empty to acknowledge.
    mutating func receive(_ plaintext: [UInt8]) throws(EAPError) -> [UInt8]
}

/// Inside PEAPv0.
struct PEAPPeer: InnerPeer {
    private var eap: InnerEAPPeer
    private(set) var isDone = false
    private var isResultFailure = false
    private let isResumed: Bool

    init(_ eap: InnerEAPPeer, isResumed: Bool) { (self.eap, self.isResumed) = (eap, isResumed) }

    var isRefused: Bool { eap.isRefused || isResultFailure }

    func begin() -> [UInt8] { [] }

    mutating func receive(_ plaintext: [UInt8]) throws(EAPError) -> [UInt8] {
        switch try PEAPInnerPacket(decoding: plaintext, code: .request) {
        case .method(let method, let data):
            let (answer, content) = try eap.receive(method, data)
            return PEAPInnerPacket.method(answer, data: content).encoded(code: .response, identifier: 0)
        case .result(let isSuccess):
            isDone = isSuccess && (eap.isDone || isResumed)
            isResultFailure = !isDone
            return PEAPInnerPacket.result(isSuccess: isDone).encoded(code: .response, identifier: 1)
        }
    }
}

/// Inside TTLS.
struct TTLSPeer: InnerPeer {
    private var eap: InnerEAPPeer?
    private let settings: EAPPeerSettings
    private let challenge: [UInt8]
    private let random: @Sendable (Int) -> [UInt8]
    private var expected: [UInt8]?
    private var isProofGiven = false

    init(
        settings: EAPPeerSettings, eap: InnerEAPPeer?, challenge: [UInt8],
        random: @escaping @Sendable (Int) -> [UInt8]
    ) {
        (self.settings, self.eap, self.challenge, self.random) = (settings, eap, challenge, random)
    }

    var isDone: Bool { eap?.isDone ?? isProofGiven }
    var isRefused: Bool { eap?.isRefused ?? false }

    mutating func begin() throws(EAPError) -> [UInt8] {
        let (user, password) = (Array(settings.user.utf8), Array(settings.password.utf8))
        switch settings.method {
        case .ttlsPAP:
            isProofGiven = true
            // NULs up to a multiple of 16 hide the password's length (RFC 5281 §11.2.5).
            let padding = [UInt8](repeating: 0, count: -password.count & 15)
            return Self.encode([AVP(.userName, user), AVP(.userPassword, password + padding)])
        case .ttlsCHAP:
            isProofGiven = true
            let (value, identifier) = (Array(challenge.prefix(16)), Array(challenge.suffix(1)))
            let proof = identifier + Digest.md5(identifier + password + value)
            return Self.encode([AVP(.userName, user), AVP(.chapChallenge, value), AVP(.chapPassword, proof)])
        case .ttlsMSCHAPv2: return try mschapv2(user)
        case .ttls, .peap, .tls:
            let packet = EAPPacket.response(identifier: 0, .identity, data: user)
            return AVP(.eapMessage, packet.encoded()).encoded()
        }
    }

    private mutating func mschapv2(_ user: [UInt8]) throws(EAPError) -> [UInt8] {
        let (hash, peerChallenge) = (try NTHash(password: settings.password), random(16))
        let (value, identifier) = (Array(challenge.prefix(16)), Array(challenge.suffix(1)))
        let response = try MSCHAPv2.ntResponse(
            authenticatorChallenge: value, peerChallenge: peerChallenge, user: settings.user, hash: hash)
        let exchange = try MSCHAPv2Exchange(
            user: settings.user, authenticatorChallenge: value, peerChallenge: peerChallenge, ntResponse: response,
            identifier: identifier.first ?? 0)
        expected = identifier + Array(try exchange.authenticatorResponse(hash).utf8)
        let proof = identifier + [0] + peerChallenge + [UInt8](repeating: 0, count: 8) + response
        return Self.encode([AVP(.userName, user), AVP(.mschapChallenge, value), AVP(.mschap2Response, proof)])
    }

    private static func encode(_ avps: [AVP]) -> [UInt8] { avps.flatMap { $0.encoded() } }

    mutating func receive(_ plaintext: [UInt8]) throws(EAPError) -> [UInt8] {
        let avps = try AVP.decode(plaintext)
        guard eap != nil else {
            guard let expected, let proof = avps.first(where: { $0.code == .mschap2Success })?.value,
                proof.starts(with: expected)
            else { throw EAPError(.mschapMalformed) }
            isProofGiven = true
            return []
        }
        let octets = Array(avps.filter { $0.code == .eapMessage }.map(\.value).joined())
        guard case .request(let identifier, let method, let data) = try EAPPacket(decoding: octets),
            let (answer, content) = try eap?.receive(method, data)
        else { throw EAPError(.innerPacketInvalid) }
        let response = EAPPacket.response(identifier: identifier, answer, data: content)
        return AVP(.eapMessage, response.encoded()).encoded()
    }
}
