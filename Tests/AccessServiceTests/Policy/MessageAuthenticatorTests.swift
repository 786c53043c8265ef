import Postgres

import Store
import Territory
import Testing

@testable import RADIUS

/// The defences against forged replies (BlastRADIUS, CVE-2024-3596).
@Suite struct MessageAuthenticatorTests {
    /// An Access-Request for a code, with or without Message-Authenticator.
    private func request(
        _ gateway: Gateway, _ code: String, signed: Bool, identifier: UInt8, attributes: [Attribute] = []
    ) throws -> SignedRequest {
        let secret = try SharedSecret(gateway.secretOctets)
        if signed {
            return try secret.accessRequest(
                identifier: identifier, userName: code, password: Array(code.utf8), attributes: attributes)
        }
        var buffer = [UInt8](repeating: 0, count: 4096)
        return try buffer.withUnsafeMutableBytes { buffer in
            var writer = PacketWriter(
                buffer, request: .accessRequest, identifier: identifier, authenticator: .random(),
                messageAuthenticator: false)
            writer.append(.userName, text: code)
            writer.append(password: Array(code.utf8), secret: secret)
            writer.append(attributes)
            let length = try writer.finish(secret: secret)
            return SignedRequest(bytes: Array(buffer[..<length]), sent: writer.sent)
        }
    }

    @Test func `auto serves a NAS without Message-Authenticator until it has sent one, and never after`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let code = try await deployment.ground.voucher().code.canonical
            let before = try await gateway.exchange(try request(gateway, code, signed: false, identifier: 1))
            #expect(before?.code == .accessAccept)
            #expect(before?.attributes.first?.type == .messageAuthenticator)
            #expect(try await gateway.exchange(try request(gateway, code, signed: true, identifier: 2)) != nil)
            #expect(
                try await gateway.exchange(try request(gateway, code, signed: false, identifier: 3), wait: 1) == nil)
            #expect(try await gateway.exchange(try request(gateway, code, signed: true, identifier: 4)) != nil)
            try await eventually {
                try await deployment.ground.count(
                    "SELECT count(*) FROM territory.nas WHERE message_authenticator_seen_at IS NOT NULL") == 1
            }
        }
    }

    @Test func `require serves none without`() async throws {
        try await Deployment.with(nas: .loopback(policy: .require)) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let code = try await deployment.ground.voucher().code.canonical
            #expect(
                try await gateway.exchange(try request(gateway, code, signed: false, identifier: 1), wait: 1) == nil)
            #expect(try await gateway.exchange(try request(gateway, code, signed: true, identifier: 2)) != nil)
        }
    }

    @Test func `off serves both, but nobody who sends Proxy-State without Message-Authenticator`() async throws {
        try await Deployment.with(nas: .loopback(policy: .off)) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let code = try await deployment.ground.voucher().code.canonical
            let state = [Attribute(.proxyState, [1, 2, 3]), Attribute(.proxyState, [4])]
            #expect(try await gateway.exchange(try request(gateway, code, signed: true, identifier: 1)) != nil)
            #expect(try await gateway.exchange(try request(gateway, code, signed: false, identifier: 2)) != nil)
            let forged = try request(gateway, code, signed: false, identifier: 3, attributes: state)
            #expect(try await gateway.exchange(forged, wait: 1) == nil)
            let reply = try await gateway.exchange(
                try request(gateway, code, signed: true, identifier: 4, attributes: state))
            #expect(
                reply?.attributes.filter { $0.type == .proxyState } == state, "unchanged and in order (RFC 2865 §5.33)")
        }
    }

    @Test func `a wrong secret gets no answer, for any kind of request`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.authenticationPort, secret: "another secret")
            let code = try await deployment.ground.voucher().code.canonical
            #expect(try await gateway.exchange(try request(gateway, code, signed: true, identifier: 1), wait: 1) == nil)
            let secret = try SharedSecret(gateway.secretOctets)
            #expect(try await gateway.exchange(try secret.statusServer(identifier: 2), wait: 1) == nil)
            let accounting = try Gateway(deployment.accountingPort, secret: "another secret")
            #expect(try await accounting.account(.start, "s", wait: 1) == nil)
        }
    }
}

/// Waits until a condition holds; five seconds at most.
func eventually(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(5)
    while ContinuousClock.now < deadline {
        if try await condition() { return }
        await Task.yield()
    }
    Issue.record("it never came true")
}
