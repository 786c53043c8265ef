import Foundation
import Postgres
import RADIUS
import Store
import Territory
import Testing

@Suite struct GrantLoginTests {
    private let device = MACAddress("02:00:5e:00:53:0a")

    private func grant(_ ground: Ground, seconds: TimeInterval = 3600) async throws -> IssuedGrant {
        try await Grants(ground.owner, keys: ground.keys).issueClickThrough(
            site: ground.site, of: ground.organisation, device: device, now: Date(),
            expiresAt: Date(timeIntervalSinceNow: seconds))
    }

    @Test func `a grant logs in by PAP and by CHAP, with a challenge and with the authenticator`() async throws {
        try await Deployment.with { deployment in
            let issued = try await grant(deployment.ground)
            let (login, password) = (issued.grant.login, issued.password.text ?? "")
            let gateway = try Gateway(deployment.authenticationPort)
            #expect(try await gateway.login(login, password)?.code == .accessAccept)
            #expect(try await gateway.login(login, password + "x")?.code == .accessReject)
            let secret = try SharedSecret(gateway.secretOctets)
            let authenticator = Authenticator.random()
            for (index, challenge) in [Array(repeating: 9, count: 16), authenticator.bytes].enumerated() {
                let chap = CHAPResponse(identifier: 5, password: Array(password.utf8), challenge: challenge)
                let request = try secret.accessRequest(
                    identifier: UInt8(index), authenticator: authenticator, userName: login, chap: chap)
                #expect(try await gateway.exchange(request)?.code == .accessAccept)
            }
            let wrong = CHAPResponse(identifier: 5, password: Array("nonsense".utf8), challenge: authenticator.bytes)
            let request = try secret.accessRequest(
                identifier: 77, authenticator: authenticator, userName: login, chap: wrong)
            #expect(try await gateway.exchange(request)?.code == .accessReject)
        }
    }

    @Test(arguments: MACAddress.Spelling.allCases)
    func `a device that holds a grant authenticates by its address in every spelling`(
        _ spelling: MACAddress.Spelling
    ) async throws {
        try await Deployment.with { deployment in
            let text = try #require(device).formatted(spelling)
            let gateway = try Gateway(deployment.authenticationPort)
            let station = [Attribute(.callingStationID, text: "02-00-5E-00-53-0A")]
            let before = try await gateway.login(text, text, attributes: station)
            #expect(before?.first(.replyMessage)?.text == RefusalReason.deviceUnknown.rawValue)
            _ = try await grant(deployment.ground)
            // That a device is unknown is remembered for a second at most.
            try await eventually {
                try await gateway.login(text, "anything", attributes: station)?.code == .accessAccept
            }
        }
    }

    @Test func `a device is known in each spelling, whatever spelling names it elsewhere in the request`() async throws
    {
        try await Deployment.with { deployment in
            _ = try await grant(deployment.ground)
            let gateway = try Gateway(deployment.authenticationPort)
            let spellings =
                try MACAddress.Spelling.allCases.map { try #require(device).formatted($0) } + [
                    "02005e-00530a", "02005E-00530A", "0200.5E00.530A",
                ]
            for (index, name) in spellings.enumerated() {
                let other = spellings[(index + 3) % spellings.count]
                let station = [Attribute(.callingStationID, text: other)]
                #expect(try await gateway.login(name, "x", attributes: station)?.code == .accessAccept, "\(name)")
                #expect(try await gateway.login(name, other)?.code == .accessAccept, "as password")
                let ssid = [Attribute(.callingStationID, text: "02-00-5E-00-53-0A:Mairie")]
                #expect(try await gateway.login(name, "x", attributes: ssid)?.code == .accessAccept, "with its SSID")
            }
            let stranger = [Attribute(.callingStationID, text: "02-00-5E-00-53-0B")]
            let refused = try await gateway.login(spellings[0], "x", attributes: stranger)
            #expect(refused?.first(.replyMessage)?.text == RefusalReason.unknownUser.rawValue, "another's address")
        }
    }

    @Test func `a revoked grant is refused within a second`() async throws {
        try await Deployment.with { deployment in
            let ground = deployment.ground
            let issued = try await grant(ground)
            let gateway = try Gateway(deployment.authenticationPort)
            #expect(try await gateway.login(issued.grant.login, issued.password.text ?? "")?.code == .accessAccept)
            try await Grants(ground.owner, keys: ground.keys).revoke(
                issued.grant.id, of: ground.organisation, at: Date())
            let revoked = ContinuousClock.now
            var reply = try await gateway.login(issued.grant.login, issued.password.text ?? "")
            while reply?.code == .accessAccept, ContinuousClock.now - revoked < .seconds(1) {
                reply = try await gateway.login(issued.grant.login, issued.password.text ?? "")
            }
            #expect(reply?.first(.replyMessage)?.text == RefusalReason.revoked.rawValue)
        }
    }

    @Test func `EAP is rejected with EAP-Failure and without Reply-Message (RFC 3579 §2.6.3, §2.6.5)`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let secret = try SharedSecret(gateway.secretOctets)
            let identity: [UInt8] = [2, 42, 0, 6, 1, 0x61]
            let request = try secret.accessRequest(
                identifier: 1,
                attributes: [Attribute(.userName, text: "a"), Attribute(.eapMessage, identity)])
            let reply = try await gateway.exchange(request)
            #expect(reply?.code == .accessReject)
            #expect(reply?.first(.eapMessage)?.value == [4, 42, 0, 4])
            #expect(reply?.first(.replyMessage) == nil)
        }
    }
}
