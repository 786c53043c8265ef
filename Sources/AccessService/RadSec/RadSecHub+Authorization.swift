internal import RADIUS
import Synchronization
internal import Territory

/// A way to a NAS other than datagrams, for CoA and Disconnect (RFC 5176).
protocol AuthorizationTransport: Sendable {
    /// Sends a request of encoded attributes and waits for the answer; nil: this way does not lead to that NAS now.
    func send(_ code: PacketCode, _ attributes: [UInt8], to nas: NASID) async -> AuthorizationOutcome?
}

extension RadSecHub: AuthorizationTransport {
    /// How long a NAS may take; nothing is sent again over a connection (RFC 6613 §2.6.1).
    private static let patience: Duration = .seconds(10)

    /// Over the connection that the NAS itself has made: the only way to one behind NAT.
    func send(_ code: PacketCode, _ attributes: [UInt8], to nas: NASID) async -> AuthorizationOutcome? {
        guard let link = link(of: nas) else { return nil }
        let (list, version) = (Self.attributes(attributes), link.connection.version)
        let sent = Mutex<SentRequest?>(nil)
        let reply = await withCheckedContinuation { continuation in
            link.port.request(timeout: Self.patience) { envelope in
                let request = Self.request(code, list, envelope)
                sent.withLock { $0 = request?.sent }
                return request
            } _: {
                continuation.resume(returning: $0)
            }
        }
        switch reply {
        case .packet(let octets):
            guard let request = sent.withLock(\.self) else { return .notSent }
            return Self.outcome(octets, request, version)
        case .timeout: return .timeout
        case .disconnected, .notSent: return .notSent
        }
    }

    private static func request(
        _ code: PacketCode, _ attributes: [Attribute], _ envelope: ProxyRelay.Envelope
    ) -> SignedRequest? {
        switch envelope {
        case .radius11(let token): return try? SignedRequest(code, token: token, attributes: attributes)
        case .radius10(let identifier, _):
            guard let secret = try? SharedSecret(GatewayState.streamSecretOctets) else { return nil }
            return code == .coaRequest
                ? try? secret.coaRequest(identifier: identifier, attributes: attributes)
                : try? secret.disconnectRequest(identifier: identifier, attributes: attributes)
        }
    }

    /// What a NAS said, if what it sent is an answer; otherwise it has not answered.
    private static func outcome(
        _ octets: [UInt8], _ request: SentRequest, _ version: ProtocolVersion
    ) -> AuthorizationOutcome {
        guard let secret = try? SharedSecret(GatewayState.streamSecretOctets),
            let reply = try? secret.reply(in: octets, to: request, version: version)
        else { return .timeout }
        if reply.code == .disconnectACK || reply.code == .coaACK { return .ack }
        let cause = reply.first(.errorCause)?.value ?? []
        return .nak(cause.count == 4 ? cause.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } : nil)
    }

    /// Encoded attributes one by one; what is cut off is left out.
    private static func attributes(_ encoded: [UInt8]) -> [Attribute] {
        var (attributes, offset): ([Attribute], Int) = ([], 0)
        while encoded.count - offset >= 2, encoded[offset + 1] >= 2, Int(encoded[offset + 1]) <= encoded.count - offset
        {
            let end = offset + Int(encoded[offset + 1])
            attributes.append(
                Attribute(AttributeType(rawValue: encoded[offset]), Array(encoded[(offset + 2)..<end])))
            offset = end
        }
        return attributes
    }
}
