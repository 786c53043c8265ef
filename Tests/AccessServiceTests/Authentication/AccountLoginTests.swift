import AccessService
import CLinux
import Foundation
import Postgres
import RADIUS
import Store
import Territory
import Testing

@Suite struct AccountLoginTests {
    static func yescrypt(_ password: String) -> String {
        var data = crypt_data()
        let setting = crypt_gensalt_ra("$y$", 1, nil, 0)
        defer { free(setting) }
        return crypt_r(password, setting, &data).map { String(cString: $0) } ?? ""
    }

    private func account(_ ground: Ground, _ login: String, _ password: String) async throws -> Account {
        try await Accounts(ground.owner).create(
            login: login, passwordHash: Secret(text: Self.yescrypt(password)), of: ground.organisation)
    }

    @Test func `an account logs in with its password, in any case of the login, and with no other`() async throws {
        try await Deployment.with { deployment in
            _ = try await account(deployment.ground, "maire@trou.example", "fontaine")
            let gateway = try Gateway(deployment.authenticationPort)
            for _ in 0..<3 {
                #expect(try await gateway.login("Maire@Trou.example", "fontaine")?.code == .accessAccept)
                let reply = try await gateway.login("maire@trou.example", "fontaines")
                #expect(reply?.code == .accessReject)
                #expect(reply?.first(.replyMessage)?.text == RefusalReason.wrongPassword.rawValue)
            }
        }
    }

    @Test func `CHAP with an account is refused by name: its password cannot be read`() async throws {
        try await Deployment.with { deployment in
            _ = try await account(deployment.ground, "agent", "fontaine")
            let gateway = try Gateway(deployment.authenticationPort)
            let secret = try SharedSecret(gateway.secretOctets)
            let chap = CHAPResponse(
                identifier: 1, password: Array("fontaine".utf8), challenge: Array(repeating: 7, count: 16))
            let reply = try await gateway.exchange(
                try secret.accessRequest(identifier: 1, userName: "agent", chap: chap))
            #expect(reply?.first(.replyMessage)?.text == RefusalReason.unsupportedMethod.rawValue)
        }
    }

    @Test func `a closed account is refused within a second, with its reason`() async throws {
        try await Deployment.with { deployment in
            let ground = deployment.ground
            let made = try await account(ground, "agent", "fontaine")
            let gateway = try Gateway(deployment.authenticationPort)
            #expect(try await gateway.login("agent", "fontaine")?.code == .accessAccept)
            try await Accounts(ground.owner).close(made.id, of: ground.organisation, at: Date())
            let closed = ContinuousClock.now
            var reply = try await gateway.login("agent", "fontaine")
            while reply?.code == .accessAccept, ContinuousClock.now - closed < .seconds(1) {
                reply = try await gateway.login("agent", "fontaine")
            }
            #expect(reply?.first(.replyMessage)?.text == RefusalReason.closedAccount.rawValue)
        }
    }

    @Test func `another password takes the place of the one before within a second, though that was remembered`()
        async throws
    {
        try await Deployment.with { deployment in
            let ground = deployment.ground
            let made = try await account(ground, "agent", "fontaine")
            let gateway = try Gateway(deployment.authenticationPort)
            #expect(try await gateway.login("agent", "fontaine")?.code == .accessAccept)
            #expect(try await gateway.login("agent", "lavoir")?.code == .accessReject)
            try await AccountPasswords(ground.owner, keys: ground.keys).set(
                hash: Secret(text: Self.yescrypt("lavoir")), nt: nil, of: made.id, in: ground.organisation)
            let changed = ContinuousClock.now
            var reply = try await gateway.login("agent", "lavoir")
            while reply?.code == .accessReject, ContinuousClock.now - changed < .seconds(1) {
                reply = try await gateway.login("agent", "lavoir")
            }
            #expect(reply?.code == .accessAccept)
            #expect(try await gateway.login("agent", "fontaine")?.code == .accessReject)
        }
    }

    @Test func `a flood of wrong passwords keeps nobody else from logging in`() async throws {
        try await Deployment.with(configure: { $0.passwordThreads = 1 }) { deployment in
            for index in 0..<8 { _ = try await account(deployment.ground, "agent\(index)", "fontaine") }
            let flood = try Gateway(deployment.authenticationPort)
            let secret = try SharedSecret(flood.secretOctets)
            for round in 0..<255 {
                let request = try secret.accessRequest(
                    identifier: UInt8(round), userName: "agent0", password: Array("wrong\(round)".utf8),
                    attributes: [Attribute(.callingStationID, text: "02-00-5E-00-53-66")])
                flood.send(request.bytes)
            }
            for index in 1..<8 {
                let gateway = try Gateway(deployment.authenticationPort)
                #expect(try await gateway.login("agent\(index)", "fontaine")?.code == .accessAccept)
            }
        }
    }
}
