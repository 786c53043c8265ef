/// The peer's side of an EAP conversation inside a tunnel: Identity, then one method.
struct InnerEAPPeer {
    private let method: EAPInnerMethod
    private let user: String
    private let password: String
    private let random: @Sendable (Int) -> [UInt8]
    private var expected: String?
    /// The server has proven itself, where the method lets it.
    private(set) var isDone = false
    /// The server said that the password is wrong.
    private(set) var isRefused = false

    init(_ method: EAPInnerMethod, settings: EAPPeerSettings, random: @escaping @Sendable (Int) -> [UInt8]) {
        (self.method, user, password, self.random) = (method, settings.user, settings.password, random)
    }

    /// The answer to a request.
    mutating func receive(_ request: EAPMethod, _ data: [UInt8]) throws(EAPError) -> (EAPMethod, [UInt8]) {
        switch (request, method) {
        case (.identity, _): return (.identity, Array(user.utf8))
        case (.genericTokenCard, .genericTokenCard):
            isDone = true
            return (.genericTokenCard, Array(password.utf8))
        case (.mschapv2, .mschapv2): return (.mschapv2, try prove(MSCHAPv2Packet(decoding: data)).encoded())
        default: return (.nak, EAPNak(desired: [method.type]).legacyData)
        }
    }

    private mutating func prove(_ packet: MSCHAPv2Packet) throws(EAPError) -> MSCHAPv2Packet {
        switch packet {
        case .challenge(let identifier, let challenge, _):
            let (hash, peerChallenge) = (try NTHash(password: password), random(16))
            let response = try MSCHAPv2.ntResponse(
                authenticatorChallenge: challenge, peerChallenge: peerChallenge, user: user, hash: hash)
            let exchange = try MSCHAPv2Exchange(
                user: user, authenticatorChallenge: challenge, peerChallenge: peerChallenge, ntResponse: response,
                identifier: identifier)
            expected = try exchange.authenticatorResponse(hash)
            return .response(
                identifier: identifier, peerChallenge: peerChallenge, ntResponse: response, name: user)
        case .success(_, let message):
            guard let expected, message.hasPrefix(expected) else { throw EAPError(.mschapMalformed) }
            isDone = true
            return .successAcknowledgement
        case .failure:
            isRefused = true
            return .failureAcknowledgement
        case .response, .successAcknowledgement, .failureAcknowledgement: throw EAPError(.mschapMalformed)
        }
    }
}
