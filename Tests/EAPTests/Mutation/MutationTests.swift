import Foundation
import OpenSSL
import Testing

@testable import EAP

/// A hundred thousand broken packets, outside and inside the tunnel: none traps, none is believed.
@Suite(.serialized) struct MutationTests {
    static let seed: UInt64 = 3748
    let world: EAPWorld

    init() throws { world = try EAPWorld.shared.get() }

    /// Octets of memory this process occupies.
    private var residentOctets: Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        return fields.flatMap { Int($0[1]) }.map { $0 * 4096 } ?? 0
    }

    @Test func `15 000 mutated packets in conversations of every state: no Success, and memory stays`() throws {
        print("mutations of EAP packets, seed \(Self.seed)")
        var mutator = Mutator(seed: Self.seed)
        let server = try world.server()
        let peers = try MethodTests.withPassword.flatMap { method in
            try TLSVersion.allCases.map { try world.peer(method, $0, password: "wrong horse") }
        }
        var (packets, fates) = (0, [String: Int]())
        var before = 0
        while packets < 15_000 {
            let conversation = EAPConversation(server, packetSize: 100 + mutator.below(1300))
            let peer = EAPPeer(peers[mutator.below(peers.count)])
            try attack(conversation, peer, &mutator, &packets, &fates)
            if packets < 2500 { before = residentOctets }
        }
        #expect(fates["success"] == nil)
        #expect(fates.count > 15, "\(fates)")
        #expect(residentOctets - before < 64 << 20)
    }

    /// Before each true response come some mutations of it.
    private func attack(
        _ conversation: EAPConversation, _ peer: EAPPeer, _ mutator: inout Mutator, _ packets: inout Int,
        _ fates: inout [String: Int]
    ) throws {
        var response = peer.identityResponse(identifier: mutator.octet())
        while true {
            var octets = response
            let isMutated = mutator.below(5) != 0
            if isMutated {
                octets = mutator.response(like: response)
                packets += 1
            }
            do throws(EAPError) {
                var action = try conversation.receive(octets)
                while let verdict = verdict(action) { action = try conversation.answer(verdict) }
                switch action {
                case .send(let request):
                    if case .send(let next) = try? peer.receive(request) { response = next }
                case .finished(.failure(let reason, _)):
                    fates[reason.description, default: 0] += 1
                    return
                case .finished(.success), .verify, .resumed:
                    fates["success", default: 0] += 1
                    return
                }
            } catch {
                fates[error.description, default: 0] += 1
                guard isMutated else { return }
            }
        }
    }

    private func verdict(_ action: EAPAction) -> EAPVerdict? {
        switch action {
        case .verify, .resumed: (try? Login.accounts(action)) ?? .reject
        case .send, .finished: nil
        }
    }

    @Test func `85 000 mutated messages inside tunnels: nobody is accepted`() throws {
        print("mutations inside tunnels, seed \(Self.seed)")
        var mutator = Mutator(seed: Self.seed)
        let server = try world.server()
        let challenge = (0..<17).map { UInt8($0) }
        var (messages, fates) = (0, [String: Int]())
        let methods = MethodTests.withPassword
        while messages < 85_000 {
            let method = methods[mutator.below(methods.count)]
            let settings = try world.peer(method, password: "wrong horse", tls: Self.client)
            let inner: any InnerServer =
                method.outer == .peap
                ? PEAPServer(settings: server, random: Self.random)
                : TTLSServer(challenge: challenge, settings: server, random: Self.random)
            attack(inner, ConversationHarness.peer(settings, challenge), &mutator, &messages, &fates)
        }
        #expect(fates["accepted"] == nil)
        #expect(fates.count > 8, "\(fates)")
    }

    private static let random = ConversationHarness.random
    private static let client = try? TLSContext(
        {
            var settings = TLSSettings(role: .client)
            settings.peerCertificate = .none
            return settings
        }())

    private func attack(
        _ inner: any InnerServer, _ peer: any InnerPeer, _ mutator: inout Mutator, _ messages: inout Int,
        _ fates: inout [String: Int]
    ) {
        var (inner, peer) = (inner, peer)
        do {
            var step = try inner.begin()
            var plaintext = try peer.begin()
            for _ in 0..<20 {
                if case .send(let request) = step { plaintext = try peer.receive(request) }
                if mutator.below(3) == 0 { plaintext = mutator.mutate(plaintext) }
                messages += 1
                step = try inner.receive(plaintext)
                while case .verify(let credential) = step {
                    step = try inner.answer(verdict(.verify(credential)) ?? .reject)
                }
                if case .accept = step { return fates["accepted", default: 0] += 1 }
                if case .reject(let reason) = step { return fates[reason.description, default: 0] += 1 }
            }
        } catch {
            fates["\(error)", default: 0] += 1
        }
    }
}
