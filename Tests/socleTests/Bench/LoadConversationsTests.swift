import EAP
import OpenSSL
import RADIUS
import Testing

@testable import socle

@Suite struct LoadConversationsTests {
    /// A driver of two devices and the server they ask.
    private struct Rig {
        let secret: SharedSecret
        let settings: EAPServerSettings
        let twin: ServerTwin
        var workload: LoadWorkload
        private var conversations: [Int: EAPConversation] = [:]
        private var identifier: UInt8 = 0

        init(_ method: RehearsalMethod, resumes: Bool = false, password: String = ServerTwin.password) throws {
            let octets = Array("correct-horse-battery".utf8)
            secret = try SharedSecret(octets)
            settings = try RehearsalTests.World().settings(
                tickets: TLSTicketKeys(current: SecureRandom.bytes(TLSTicketKeys.keyLength), lifetimeSeconds: 3_600))
            twin = ServerTwin(secret)
            var options = LoadOptions(
                mode: .eap(method), host: "127.0.0.1", ports: [1812], secret: octets, window: 2, ratePerSecond: nil,
                seconds: 1, warmUpSeconds: 0, retransmitSeconds: 1, tries: 1, sessions: 1, interims: 1,
                credentials: [LoadCredential(login: ServerTwin.user, password: Array(password.utf8))], tag: "test")
            options.resumes = resumes
            workload = try LoadWorkload(options, secret: secret, seed: 1)
        }

        /// Sends what is due now and takes the reply.
        mutating func exchange(due: UInt64) throws -> (device: Int, outcome: LoadOutcome) {
            identifier &+= 1
            var octets = [UInt8](repeating: 0, count: 2_048)
            let made = try octets.withUnsafeMutableBytes { [identifier] in
                try workload.write(into: $0, identifier: identifier, due: due)
            }
            let request = try Array(octets[..<made.length]).withUnsafeBytes { octets in
                let packet = Packet(try PacketView(octets))
                if packet.first(.state) == nil { conversations[made.session] = EAPConversation(settings) }
                return try secret.accessRequest(
                    identifier: identifier, authenticator: made.sent.authenticator,
                    attributes: packet.attributes.filter { $0.type != .messageAuthenticator })
            }
            twin.conversation = conversations[made.session]
            guard case .reply(_, let reply, _, _) = twin.exchange(request) else { throw LoadFault("no reply") }
            let outcome = try reply.withUnsafeBytes {
                workload.answered(session: made.session, by: try PacketView($0), to: made.sent)
            }
            return (made.session, outcome)
        }

        /// Goes on until so many logins have ended.
        mutating func ends(_ count: Int) throws -> [LoadOutcome] {
            var ends: [LoadOutcome] = []
            for turn in 1...UInt64(100 * count) where ends.count < count {
                let outcome = try exchange(due: turn).outcome
                if outcome != .goesOn { ends.append(outcome) }
            }
            return ends
        }
    }

    @Test(arguments: [RehearsalMethod.ttlsPAP, .peapMSCHAPv2])
    func `a login counts once, from its first packet on, and the next begins anew`(method: RehearsalMethod) throws {
        var rig = try Rig(method)
        let ends = try rig.ends(3)
        #expect(ends.count == 3)
        #expect(ends.first == .done(begunAt: 1, isResumed: false))
        #expect(ends.allSatisfy { if case .done(_, isResumed: false) = $0 { true } else { false } })
    }

    @Test func `a device resumes the session of its login before, where it is to`() throws {
        var rig = try Rig(.ttlsPAP, resumes: true)
        let resumed = try rig.ends(4).map { if case .done(_, isResumed: true) = $0 { true } else { false } }
        // The last to speak speaks next: one device logs in four times.
        #expect(resumed == [false, true, true, true])
    }

    @Test func `an accept with other keys than the device has is not believed`() throws {
        var rig = try Rig(.ttlsPAP)
        rig.twin.keys = MPPEKeyPair(masterSessionKey: SecureRandom.bytes(64))
        #expect(try rig.ends(2) == [.refused, .refused])
    }

    @Test func `a rejected login has its answer too`() throws {
        var rig = try Rig(.ttlsPAP, password: "wrong")
        #expect(try rig.ends(1) == [.done(begunAt: 1, isResumed: false)])
    }

    @Test func `a device without an answer begins again`() throws {
        var rig = try Rig(.ttlsPAP)
        let first = try rig.exchange(due: 1)
        #expect(first.outcome == .goesOn)
        let second = try rig.exchange(due: 2)
        #expect(second.device == first.device)
        rig.workload.lost(session: first.device)
        #expect(try rig.ends(1) == [.done(begunAt: 1, isResumed: false)])
    }

    @Test func `modes have the names of the rehearsal's methods, and EAP-TLS is none`() {
        #expect(LoadOptions.Mode("ttls-pap") == .eap(.ttlsPAP))
        #expect(LoadOptions.Mode("pap") == .pap)
        #expect(LoadOptions.Mode("tls") == nil)
        #expect(LoadOptions.Mode("mac") == nil)
    }
}
