import OpenSSL
import RADIUS

/// A reader of a packet whose findings vectors state as text; a refusal is its code.
enum PacketReading: String {
    case mppe, eap, vlan, tunnel, mschap, ports, ipv6, `operator`, cui

    func text(_ view: PacketView, _ secret: SharedSecret, request: [UInt8]?) -> String? {
        do throws(RADIUSError) {
            let authenticator = try request.map { octets throws(RADIUSError) in
                try octets.withPacketView(version: view.version) { $0.authenticator }
            }
            return try text(view, secret, authenticator ?? view.authenticator)
        } catch {
            return error.code.rawValue
        }
    }

    private func text(
        _ view: PacketView, _ secret: SharedSecret, _ authenticator: Authenticator
    ) throws(RADIUSError) -> String? {
        switch self {
        case .mppe:
            guard let keys = try MPPEKeyPair(view, secret: secret, authenticator: authenticator) else { return nil }
            return [keys.send, keys.receive].map { $0.isEmpty ? "-" : Hex.encode($0) }.joined(separator: " ")
        case .eap: return try view.eapMessage().map { Hex.encode($0) }
        case .vlan: return TunnelVLAN(view)?.group
        case .tunnel:
            guard let attribute = view.first(.tunnelPassword) else { return nil }
            let read = try TunnelPassword(attribute, in: view, secret: secret, authenticator: authenticator)
            return "\(read.tag) \(String(decoding: read.password, as: UTF8.self))"
        case .mschap: return try Self.describe(MSCHAPResponse(view)) ?? Self.describe(MSCHAPOutcome(view))
        case .ports, .ipv6, .operator, .cui: return facts(view)
        }
    }

    /// What needs no secret.
    private func facts(_ view: PacketView) -> String? {
        switch self {
        case .ports:
            let ranges = view.portRanges()
            return ranges.map { "\($0.event) \($0.ports.lowerBound)-\($0.ports.upperBound)" }.joined(separator: ", ")
        case .ipv6:
            let found = view.ipv6Addresses()
            let lengths = found.prefixes.map { " \($0.length)" } + found.delegated.map { " delegated \($0.length)" }
            return "\(found.addresses.count)\(lengths.joined())"
        case .operator:
            return OperatorName(view).map { "\(String(Unicode.Scalar($0.namespace.rawValue))) \($0.name)" }
        case .cui:
            switch ChargeableUserIdentity(view) {
            case .requested: return "requested"
            case .identity(let octets): return Hex.encode(octets)
            case nil: return nil
            }
        case .mppe, .eap, .vlan, .tunnel, .mschap: return nil
        }
    }

    private static func describe(_ response: MSCHAPResponse?) -> String? {
        switch response {
        case .version1(let identifier, let challenge, let response):
            "\(identifier) \(Hex.encode(challenge)) \(Hex.encode(response))"
        case .version2(let identifier, let challenge, let peer, let response):
            "\(identifier) \(Hex.encode(challenge)) \(Hex.encode(peer)) \(Hex.encode(response))"
        case nil: nil
        }
    }

    private static func describe(_ outcome: MSCHAPOutcome?) -> String? {
        switch outcome {
        case .success(let identifier, let digest): "\(identifier) \(Hex.encode(digest))"
        case .failure(let identifier, let reason, let mayRetry, let challenge, let message):
            "\(identifier) \(reason.rawValue) \(mayRetry ? "retry" : "end") \(Hex.encode(challenge)) \(message)"
        case nil: nil
        }
    }
}
