import AccessService
import EAP
import Foundation
import OpenSSL
import Postgres
import RADIUS
import Store
import Territory
import Testing

/// State, resumption, renewal: the daemon against a device whose every packet is ours.
@Suite(.serialized) struct EAPSessionTests {
    private func serving(
        version: TLSVersion = .tls13, nas: NewNAS = .loopback(),
        _ configure: (inout EAPConfiguration) -> Void = { _ in },
        _ body: (Deployment, EAPFiles, EAPStation) async throws -> Void
    ) async throws {
        let files = try EAPFiles()
        var eap = files.configuration
        configure(&eap)
        try await Deployment.with(nas: nas, configure: { $0.eap = eap }) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            try await body(deployment, files, try EAPStation(gateway, files: files, version: version))
        }
    }

    private func account(_ ground: Ground, _ login: String, _ password: String) async throws -> Account {
        try await Accounts(ground.owner).create(
            login: login, passwordHash: Secret(text: AccountLoginTests.yescrypt(password)), of: ground.organisation)
    }

    @Test func `every Challenge has a State of its own and no Reply-Message (RFC 3579 §2.6)`() async throws {
        try await serving { deployment, _, station in
            let code = try await deployment.ground.voucher().code.canonical
            var states: [[UInt8]] = []
            let (reply, success) = try await station.login(station.settings(.ttlsPAP, code, code)) { reply in
                #expect(reply.all(.messageAuthenticator).count == 1 && reply.first(.replyMessage) == nil)
                if reply.code == .accessChallenge { states.append(reply.first(.state)?.value ?? []) }
            }
            #expect(reply?.code == .accessAccept && success != nil)
            #expect(states.count > 2 && Set(states).count == states.count)
            #expect(states.allSatisfy { $0.count >= 16 })
            #expect(reply?.first(.state) == nil && reply?.first(.classValue) != nil)
            #expect(reply?.first(.userName)?.text == code)
        }
    }

    @Test func `the keys of the Accept are those of the device`() async throws {
        try await serving { deployment, _, station in
            let code = try await deployment.ground.voucher().code.canonical
            let peer = EAPPeer(station.settings(.ttlsPAP, code, code))
            let secret = try SharedSecret(station.gateway.secretOctets)
            var (message, state): ([UInt8], [UInt8]?) = (peer.identityResponse(), nil)
            for _ in 0..<20 {
                let request = try station.request(message, state.map { [Attribute(.state, $0)] } ?? [])
                let reply = try #require(try await station.gateway.exchange(request))
                switch try peer.receive(EAPStation.message(reply)) {
                case .send(let response): (message, state) = (response, reply.first(.state)?.value)
                case .failure: return #expect(Bool(false), "refused")
                case .success(let success):
                    let keys = try reply.encoded().withPacketView { view throws(RADIUSError) in
                        try MPPEKeyPair(view, secret: secret, authenticator: request.sent.authenticator)
                    }
                    return #expect(keys == MPPEKeyPair(masterSessionKey: success.msk))
                }
            }
            Issue.record("no end")
        }
    }

    @Test func `a State that nobody knows gets a Reject around a Failure (RFC 3579 §2.6.3)`() async throws {
        try await serving { _, _, station in
            for state in [[UInt8](repeating: 9, count: 24), [], [UInt8](repeating: 1, count: 200)] {
                let reply = try await station.round([2, 77, 0, 6, 21, 0], state: state)
                #expect(reply?.code == .accessReject)
                #expect(reply.map(EAPStation.message) == [4, 77, 0, 4])
                #expect(reply?.first(.replyMessage) == nil)
            }
        }
    }

    @Test func `an EAP-Start is answered by asking who is there (RFC 3579 §2.1)`() async throws {
        try await serving { _, _, station in
            let reply = try #require(try await station.round([], state: nil))
            #expect(reply.code == .accessChallenge)
            let message = EAPStation.message(reply)
            #expect(message.count == 5 && message.first == 1 && message.last == 1)
            let next = try await station.round(
                EAPPacket.response(identifier: message[1], .identity, data: Array("x".utf8)).encoded(),
                state: reply.first(.state)?.value)
            #expect(next?.code == .accessChallenge)
        }
    }

    @Test func `without Message-Authenticator an EAP-Message is dropped in silence (RFC 3579 §3.2)`() async throws {
        try await serving(nas: .loopback(policy: .off)) { _, _, station in
            let message = EAPPeer(station.settings(.ttlsPAP, "a", "b")).identityResponse()
            var packet = Packet(.accessRequest, identifier: 3, authenticator: .random(), attributes: [])
            packet.attributes = Attribute.eapMessage(message)
            station.gateway.send(try packet.encoded())
            #expect(try await station.round(message, state: nil)?.code == .accessChallenge)
            #expect(await station.gateway.receive(0.2) == nil, "one reply alone")
        }
    }

    @Test func `a request sent again gets the same octets, and with a new identifier the same Challenge`() async throws
    {
        try await serving { deployment, _, station in
            let peer = EAPPeer(station.settings(.ttlsPAP, "a", "b"))
            let first = try #require(try await station.round(peer.identityResponse(), state: nil))
            guard case .send(let hello) = try peer.receive(EAPStation.message(first)) else { return }
            let state = [Attribute(.state, first.first(.state)?.value ?? [])]
            let request = try station.request(hello, state)
            let one = try #require(try await station.gateway.exchange(request))
            #expect(try await station.gateway.exchange(request) == one)
            let again = try #require(try await station.gateway.exchange(try station.request(hello, state)))
            #expect(EAPStation.message(again) == EAPStation.message(one))
            #expect(again.first(.state) == one.first(.state))
        }
    }

    @Test func `Framed-MTU bounds the fragments (RFC 3579 §2.4)`() async throws {
        try await serving { deployment, _, station in
            let code = try await deployment.ground.voucher().code.canonical
            let mtu = Attribute(.framedMTU, uint32: 300)
            let (reply, _) = try await station.login(station.settings(.ttlsPAP, code, code), attributes: [mtu])
            #expect(reply?.code == .accessAccept)
            #expect(station.longest <= 296 && station.longest > 250)
        }
    }

    @Test(arguments: [TLSVersion.tls12, .tls13], [EAPPeerMethod.ttlsPAP, .peap(.mschapv2)])
    func `a session is resumed, and decided again: not once its voucher is withdrawn`(
        version: TLSVersion, method: EAPPeerMethod
    ) async throws {
        try await serving(version: version) { deployment, _, station in
            let ground = deployment.ground
            let voucher = try await ground.voucher()
            let code = voucher.code.canonical
            let (_, first) = try await station.login(station.settings(method, code, code))
            let ticket = try #require(first?.resumable)
            #expect(first?.isResumed == false)
            let (reply, second) = try await station.login(station.settings(method, code, "forgotten", resuming: ticket))
            #expect(reply?.code == .accessAccept && second?.isResumed == true)
            #expect(reply?.first(.userName)?.text == code && reply?.first(.classValue) != nil)
            #expect(reply?.first(.sessionTimeout) != nil)
            _ = try await Vouchers(ground.owner, keys: ground.keys).revoke(
                [voucher.id], of: ground.organisation, at: Date())
            let limit = ContinuousClock.now + .seconds(3)
            var last = reply
            while last?.code == .accessAccept, ContinuousClock.now < limit {
                last = try await station.login(
                    station.settings(method, code, "forgotten", resuming: second?.resumable ?? ticket)
                ).reply
            }
            #expect(last?.code == .accessReject)
        }
    }

    @Test func `a ticket of another method, or of another password, resumes nothing`() async throws {
        try await serving(version: .tls12) { deployment, _, station in
            let ground = deployment.ground
            let made = try await account(ground, "agent", "fontaine")
            let (_, first) = try await station.login(station.settings(.ttlsPAP, "agent", "fontaine"))
            let ticket = try #require(first?.resumable)
            let (_, elsewhere) = try await station.login(
                station.settings(.peap(.genericTokenCard), "agent", "fontaine", resuming: ticket))
            #expect(elsewhere?.isResumed == false)
            let hash = AccountLoginTests.yescrypt("lavoir")
            _ = try await ground.owner.write(
                "UPDATE identity.account SET password_hash = \(hash) WHERE id = \(made.id)", repeatable: true)
            let limit = ContinuousClock.now + .seconds(3)
            var reply: Packet?
            repeat {
                reply = try await station.login(station.settings(.ttlsPAP, "agent", "x", resuming: ticket)).reply
            } while reply?.code == .accessAccept && ContinuousClock.now < limit
            #expect(reply?.code == .accessReject)
        }
    }

    @Test func `every node of an installation resumes what another let in`() async throws {
        try await serving { deployment, files, station in
            let code = try await deployment.ground.voucher().code.canonical
            let (_, first) = try await station.login(station.settings(.peap(.mschapv2), code, code))
            let ticket = try #require(first?.resumable)
            let eap = files.configuration
            try await Deployment.run(deployment.ground, configure: { $0.eap = eap }) { other in
                let there = try EAPStation(try Gateway(other.authenticationPort), files: files, version: .tls13)
                let (reply, second) = try await there.login(
                    there.settings(.peap(.mschapv2), code, "forgotten", resuming: ticket))
                #expect(reply?.code == .accessAccept && second?.isResumed == true)
            }
        }
    }

    @Test func `accounting under the anonymous name finds its subject by the Class of the Accept`() async throws {
        try await serving { deployment, _, station in
            let ground = deployment.ground
            let voucher = try await ground.voucher()
            let code = voucher.code.canonical
            let (reply, _) = try await station.login(station.settings(.ttlsPAP, code, code))
            let echoed = try #require(reply?.first(.classValue))
            let gateway = try Gateway(deployment.accountingPort)
            _ = try await gateway.account(.start, "e1", name: "anonymous@trou.example", attributes: [echoed])
            #expect(
                try await ground.count(
                    "SELECT count(*)::int FROM access.live_session WHERE subject_kind = 'voucher' AND subject_id = \(voucher.id)"
                ) == 1)
        }
    }
}
