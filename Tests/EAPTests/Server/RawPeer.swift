import OpenSSL

@testable import EAP

/// A peer that does the handshake and then whatever a test wants: the hands on TLS itself.
struct RawPeer {
    let conversation: EAPConversation
    let session: TLSSession
    let type: EAPMethod
    private(set) var identifier: UInt8 = 0
    /// What the last request carried, decrypted.
    private(set) var plaintext: [UInt8] = []

    init(
        _ world: EAPWorld, _ method: EAPPeerMethod, _ version: TLSVersion, server: EAPServerSettings? = nil,
        resuming: [UInt8]? = nil
    ) throws {
        type = method.outer.type
        let server = if let server { server } else { try world.server([method.outer]) }
        conversation = EAPConversation(server, packetSize: 1400)
        session = try TLSSession(world.peer(method, version).tls, resuming: resuming)
        let identity = EAPPacket.response(identifier: 0, .identity, data: Array("anonymous".utf8)).encoded()
        _ = try follow(conversation.receive(identity))
    }

    /// Shakes hands until the session stands and the server has been told all of it; gives the action then.
    mutating func shakeHands() throws -> EAPAction {
        try session.handshake()
        var action = try flush()
        while session.state == .handshaking || session.pendingOutput > 0 { action = try flush() }
        // On TLS 1.2 the server spoke last: it waits for a word, which in TTLS is the credential.
        return session.version == .tls12 && !session.isResumed && type != .ttls ? try flush() : action
    }

    /// Sends what TLS has to say, or an acknowledgement.
    mutating func flush() throws -> EAPAction { try send([0] + session.takeOutput()) }

    /// Sends this inside the tunnel.
    mutating func say(_ plaintext: [UInt8]) throws -> EAPAction {
        try session.write(plaintext)
        return try flush()
    }

    /// Sends this after the type octet.
    mutating func send(_ frame: [UInt8]) throws -> EAPAction {
        try follow(
            conversation.receive(EAPPacket.response(identifier: identifier, type, data: frame).encoded()))
    }

    mutating func answer(_ verdict: EAPVerdict) throws -> EAPAction { try follow(conversation.answer(verdict)) }

    /// Takes in a request.
    private mutating func follow(_ action: EAPAction) throws -> EAPAction {
        guard case .send(let octets) = action,
            case .request(let next, let method, let data) = try EAPPacket(decoding: octets)
        else { return action }
        identifier = next
        guard method == type, data.first != TLSFlags.start.rawValue else { return action }
        var receiver = FragmentReceiver()
        guard case .message(let records) = try receiver.receive(data) else { return action }
        try session.receive(records)
        plaintext = session.state == .established ? try session.read() : []
        return action
    }
}

extension EAPAction {
    var failure: EAPFailureReason? {
        guard case .finished(.failure(let reason, _)) = self else { return nil }
        return reason
    }

    var success: EAPSuccess? {
        guard case .finished(.success(let success, _)) = self else { return nil }
        return success
    }
}
