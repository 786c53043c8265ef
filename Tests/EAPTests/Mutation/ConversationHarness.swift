import OpenSSL

@testable import EAP

/// Whole conversations of a peer that does not know the password, its packets spoilt as the octets say: what a test and
/// the fuzzer of `deploy/fuzz` share.
final class ConversationHarness {
    private let world: EAPWorld
    private let server: EAPServerSettings
    private let peers: [EAPPeerSettings]

    init() throws {
        world = try EAPWorld.shared.get()
        server = try world.server()
        let world = world
        let methods: [EAPPeerMethod] = [
            .ttlsPAP, .ttlsCHAP, .ttlsMSCHAPv2, .ttls(.mschapv2), .ttls(.genericTokenCard), .peap(.mschapv2),
            .peap(.genericTokenCard),
        ]
        peers = try methods.flatMap { method in
            try TLSVersion.allCases.map { try world.peer(method, $0, password: "wrong horse") }
        }
    }

    /// Octets that are read one after the other; nothing but zeros behind their end.
    private struct Script {
        private var rest: ArraySlice<UInt8>
        init(_ octets: [UInt8]) { rest = octets[...] }
        var isOver: Bool { rest.isEmpty }
        mutating func octet() -> Int { Int(rest.popFirst() ?? 0) }
        mutating func octets(_ count: Int) -> [UInt8] { (0..<count).map { _ in rest.popFirst() ?? 0 } }
    }

    /// Plays the script; throws a ``Violation`` when the peer was let in.
    ///
    /// The first octet chooses the method and the version of TLS, the second whether the tunnel is played alone and the size
    /// of packets. Before each true response come as many spoilt ones as the next octet says (its lowest two bits); each
    /// is a number of edits and the edits: where in two octets, and what. 255 edits mean as many new octets behind the type.
    func check(_ octets: [UInt8]) throws(Violation) {
        var script = Script(octets)
        let peer = peers[script.octet() % peers.count]
        let choices = script.octet()
        if choices & 1 == 0 {
            try converse(EAPConversation(server, packetSize: 100 + choices * 5), EAPPeer(peer), &script)
        } else {
            try speakInside(peer, &script)
        }
    }

    private func spoil(_ octets: [UInt8], _ script: inout Script) -> [UInt8] {
        var octets = octets
        let edits = script.octet()
        if edits == 255 {
            octets = Array(octets.prefix(5)) + script.octets(script.octet())
            guard octets.count >= 4 else { return octets }
            octets[2] = UInt8(truncatingIfNeeded: octets.count >> 8)
            octets[3] = UInt8(truncatingIfNeeded: octets.count)
            return octets
        }
        for _ in 0..<edits % 8 where !octets.isEmpty {
            let place = (script.octet() << 8 | script.octet()) % octets.count
            octets[place] = UInt8(truncatingIfNeeded: script.octet())
        }
        return octets
    }

    private func converse(
        _ conversation: EAPConversation, _ peer: EAPPeer, _ script: inout Script
    ) throws(Violation) {
        var response = peer.identityResponse(identifier: 1)
        for _ in 0...EAPLimits.maximumRounds {
            var spoilt = (0..<script.octet() & 3).map { _ in spoil(response, &script) }
            spoilt.append(response)
            for octets in spoilt {
                guard var action = try? conversation.receive(octets) else { continue }
                while let verdict = verdict(action) {
                    guard let next = try? conversation.answer(verdict) else { return }
                    action = next
                }
                switch action {
                case .send(let request): if case .send(let next) = try? peer.receive(request) { response = next }
                case .finished(.failure): return
                case .finished(.success), .verify, .resumed: throw Violation(description: "let in")
                }
            }
        }
    }

    /// The server's side of a tunnel without the tunnel.
    private func speakInside(_ settings: EAPPeerSettings, _ script: inout Script) throws(Violation) {
        let challenge = (0..<17).map { UInt8($0) }
        let random = Self.random
        var inner: any InnerServer =
            settings.method.outer == .peap
            ? PEAPServer(settings: server, random: random)
            : TTLSServer(challenge: challenge, settings: server, random: random)
        var peer = Self.peer(settings, challenge)
        guard var step = try? inner.begin(), var plaintext = try? peer.begin() else { return }
        for _ in 0..<20 {
            if case .send(let request) = step { plaintext = (try? peer.receive(request)) ?? [] }
            let isSpoilt = script.octet() & 1 == 1
            guard let next = try? inner.receive(isSpoilt ? spoil(plaintext, &script) : plaintext) else { return }
            step = next
            while case .verify(let credential) = step {
                guard let next = try? inner.answer(verdict(.verify(credential)) ?? .reject) else { return }
                step = next
            }
            if case .accept = step { throw Violation(description: "let in") }
            if case .reject = step { return }
        }
    }

    /// No randomness at all.
    static let random: @Sendable (Int) -> [UInt8] = { [UInt8](repeating: 3, count: $0) }

    /// The peer's side of a tunnel without the tunnel.
    static func peer(_ settings: EAPPeerSettings, _ challenge: [UInt8]) -> any InnerPeer {
        switch settings.method {
        case .peap(let method):
            PEAPPeer(InnerEAPPeer(method, settings: settings, random: random), isResumed: false)
        case .ttls(let method):
            TTLSPeer(
                settings: settings, eap: InnerEAPPeer(method, settings: settings, random: random),
                challenge: challenge, random: random)
        case .ttlsPAP, .ttlsCHAP, .ttlsMSCHAPv2, .tls:
            TTLSPeer(settings: settings, eap: nil, challenge: challenge, random: random)
        }
    }

    private func verdict(_ action: EAPAction) -> EAPVerdict? {
        switch action {
        case .verify, .resumed: (try? Login.accounts(action)) ?? .reject
        case .send, .finished: nil
        }
    }
}
