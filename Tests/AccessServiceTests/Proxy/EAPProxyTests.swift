import Foundation
import RADIUS
import Store
import Synchronization
import Testing

@testable import AccessService

/// EAP through the proxy: eapol_test as the device and its access point, FreeRADIUS as the home server.
@Suite(.serialized) struct EAPProxyTests {
    private static let user = "bob@college.example"
    private static let users = "\(user) Cleartext-Password := \"s3cret\"\n    Session-Timeout := 600\n"

    /// The lines of a supplicant whose outer name says its realm alone.
    private static func lines(_ method: String, _ password: String = "s3cret") -> [String] {
        let inner = method == "PEAP" ? Supplicant.peap(user, password) : Supplicant.ttls("PAP", user, password)
        return inner.map { $0.replacingOccurrences(of: "anonymous@trou.example", with: "@college.example") }
    }

    /// Liveness that a run of eapol_test outlasts, which sends again after three seconds.
    private static let patient: LivenessParameters = {
        var parameters = ProxyTests.quick
        parameters.responseWindow = .seconds(2)
        return parameters
    }()

    private func home(_ files: EAPFiles, _ body: (FreeRADIUS) async throws -> Void) async throws {
        let home = try FreeRADIUS(FreeRADIUS.eapHome(Self.users, files))
        try await home.start()
        try await body(home)
        home.stop()
    }

    /// The daemon with these home servers, at the border of a federation.
    private func proxying(
        _ servers: [HomeServer], liveness: LivenessParameters = patient, _ body: (Deployment) async throws -> Void
    ) async throws {
        let proxy = ProxyTests.proxy(servers, filter: .federation, liveness: liveness)
        try await Deployment.with(configure: { $0.proxy = proxy }, body)
    }

    @Test(arguments: ["TTLS", "PEAP"], Supplicant.TLS.allCases)
    func `a device of another realm logs in at its home, with keys that agree`(method: String, tls: Supplicant.TLS)
        async throws
    {
        let files = try EAPFiles()
        try await home(files) { home in
            var server = ProxyTests.server("college", home.port, accounting: home.accountingPort)
            // FreeRADIUS signs what carries EAP.
            server.requiresMessageAuthenticator = true
            try await proxying([server]) { deployment in
                let supplicant = Supplicant(port: deployment.authenticationPort, files: files)
                let outcome = try await supplicant.run(Self.lines(method), tls)
                #expect(outcome.succeeded && outcome.agreedKeys == 1, "\(outcome.text.suffix(3000))\n\(home.text)")
                #expect(home.text.contains("Operator-Name = \"1socle.example\""))
                let refused = try await supplicant.run(Self.lines(method, "wrong"), tls)
                #expect(refused.isRefused, "\(refused.text.suffix(3000))")
                #expect(refused.text.contains("CTRL-EVENT-EAP-FAILURE"), "the Reject carries EAP-Failure")
            }
        }
    }

    @Test func `what the NAS sends again is answered with the same octets, and home is not asked again`() async throws {
        let files = try EAPFiles()
        try await home(files) { home in
            try await proxying([ProxyTests.server("college", home.port)]) { deployment in
                let wire = try Wire(to: deployment.authenticationPort)
                let differing = Atomic<Int>(0)
                let front = try ScriptedHome { request, _ in
                    guard let reply = wire.exchange(request) else { return [] }
                    for _ in 0..<2 where wire.exchange(request) != reply {
                        differing.wrappingAdd(1, ordering: .relaxed)
                    }
                    return [reply]
                }
                let outcome = try await Supplicant(port: front.port, files: files).run(Self.lines("TTLS"), .v13)
                #expect(outcome.succeeded && outcome.agreedKeys == 1, "\(outcome.text.suffix(3000))")
                #expect(differing.load(ordering: .relaxed) == 0)
                #expect(home.count("Received Access-Request") == front.requests.count && front.requests.count > 3)
                await front.stop()
            }
        }
    }

    @Test func `all rounds of a conversation meet the server that began it, though a better one is back`() async throws
    {
        let files = try EAPFiles()
        try await home(files) { first in
            try await home(files) { second in
                let (one, other) = (try Wire(to: first.port), try Wire(to: second.port))
                // The first is not there when the conversation begins, and is once the second has been asked twice.
                let isBack = Atomic<Bool>(false)
                let preferred = try ScriptedHome { request, _ in
                    isBack.load(ordering: .relaxed) ? one.exchange(request).map { [$0] } ?? [] : []
                }
                let spare = try ScriptedHome { request, number in
                    if number == 2 {
                        isBack.store(true, ordering: .relaxed)
                        usleep(900_000)  // a slow answer, so that the first has been probed and is alive again
                    }
                    return other.exchange(request).map { [$0] } ?? []
                }
                let servers = [ProxyTests.server("a", preferred.port), ProxyTests.server("b", spare.port)]
                try await proxying(servers, liveness: Self.patient) { deployment in
                    // Makes the first a suspect, so that the conversation begins at the second.
                    let gateway = try Gateway(deployment.authenticationPort)
                    _ = try await gateway.login(Self.user, "x")
                    let supplicant = Supplicant(port: deployment.authenticationPort, files: files)
                    let outcome = try await supplicant.run(Self.lines("PEAP"), .v12)
                    #expect(outcome.succeeded && outcome.agreedKeys == 1, "\(outcome.text.suffix(3000))")
                    #expect(first.count("Received Access-Request") == 0, "the conversation stays where it is")
                    let next = try await supplicant.run(Self.lines("PEAP"), .v12)
                    #expect(next.succeeded && first.count("Received Access-Request") > 3, "and the next one is back")
                }
                await preferred.stop()
                await spare.stop()
            }
        }
    }

    /// A home server that answers three requests of a conversation and nothing more.
    private static func dying(_ home: FreeRADIUS) throws -> ScriptedHome {
        let wire = try Wire(to: home.port)
        return try ScriptedHome { request, number in number < 3 ? wire.exchange(request).map { [$0] } ?? [] : [] }
    }

    @Test func `a conversation whose home dies is refused by the next, where the next attempt succeeds`() async throws {
        let files = try EAPFiles()
        try await home(files) { first in
            try await home(files) { second in
                let dying = try Self.dying(first)
                let servers = [ProxyTests.server("a", dying.port), ProxyTests.server("b", second.port)]
                try await proxying(servers, liveness: ProxyTests.quick) { deployment in
                    let supplicant = Supplicant(port: deployment.authenticationPort, files: files)
                    let broken = try await supplicant.run(Self.lines("TTLS"), .v12)
                    #expect(
                        broken.isRefused && broken.text.contains("(Access-Reject)"),
                        "\(broken.text.suffix(2000))\n\(second.text.suffix(3000))")
                    let next = try await supplicant.run(Self.lines("TTLS"), .v12)
                    #expect(next.succeeded && next.agreedKeys == 1, "\(next.text.suffix(3000))")
                }
                await dying.stop()
            }
        }
    }

    @Test func `a conversation survives the death of one of two proxies on the way to its home`() async throws {
        let files = try EAPFiles()
        try await home(files) { home in
            let dying = try Self.dying(home)
            let servers = [ProxyTests.server("a", dying.port), ProxyTests.server("b", home.port)]
            try await proxying(servers, liveness: ProxyTests.quick) { deployment in
                let supplicant = Supplicant(port: deployment.authenticationPort, files: files)
                let outcome = try await supplicant.run(Self.lines("TTLS"), .v12)
                #expect(
                    outcome.succeeded && outcome.agreedKeys == 1,
                    "\(outcome.text.suffix(2000))\n\(home.text.suffix(3000))")
            }
            await dying.stop()
        }
    }

    @Test func `with nobody left to ask the conversation is refused here, with EAP-Failure`() async throws {
        let files = try EAPFiles()
        try await home(files) { home in
            let dying = try Self.dying(home)
            try await proxying([ProxyTests.server("a", dying.port)], liveness: ProxyTests.quick) { deployment in
                let supplicant = Supplicant(port: deployment.authenticationPort, files: files)
                let broken = try await supplicant.run(Self.lines("PEAP"), .v12)
                #expect(
                    broken.isRefused && broken.text.contains("CTRL-EVENT-EAP-FAILURE"),
                    "\(broken.text.suffix(2000))\n\(home.text.suffix(3000))")
            }
            await dying.stop()
        }
    }

    @Test(arguments: ["TTLS", "PEAP"])
    func `FreeRADIUS as proxy in front of us carries EAP to us, with keys that agree`(method: String) async throws {
        let files = try EAPFiles()
        try await Deployment.with(configure: { $0.eap = files.configuration }) { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let proxy = try FreeRADIUS(
                FreeRADIUS.proxy(
                    "trou.example", to: deployment.authenticationPort, secret: Ground.secret, strips: false))
            try await proxy.start()
            let supplicant = Supplicant(port: proxy.port, files: files, secret: FreeRADIUS.secret)
            for tls in Supplicant.TLS.allCases {
                let lines = method == "PEAP" ? Supplicant.peap(code, code) : Supplicant.ttls("PAP", code, code)
                let outcome = try await supplicant.run(lines, tls)
                #expect(outcome.succeeded && outcome.agreedKeys == 1, "\(outcome.text.suffix(3000))\n\(proxy.text)")
                let wrong = lines.map { $0.replacingOccurrences(of: "password=\"\(code)\"", with: "password=\"no\"") }
                #expect(try await supplicant.run(wrong, tls).isRefused)
            }
        }
    }
}

/// What of EAP must be signed at either side of the proxy (RFC 3579 §3.2).
extension EAPProxyTests {
    @Test func `EAP without Message-Authenticator goes nowhere, in either direction`() async throws {
        // As an Accounting-Response is signed, so that there is no Message-Authenticator in it.
        let home = try ScriptedHome { request, number in
            guard number > 0 else {
                let bare = try Packet(request)
                let plain = try Packet(
                    .accountingRequest, identifier: bare.identifier, authenticator: bare.authenticator
                ).encoded()
                return [
                    try ScriptedHome.reply(
                        .accessAccept, to: plain, attributes: [Attribute(.eapMessage, [3, 1, 0, 4])])
                ]
            }
            return [
                try ScriptedHome.reply(.accessReject, to: request, attributes: [Attribute(.eapMessage, [4, 1, 0, 4])])
            ]
        }
        try await proxying([ProxyTests.server("a", home.port)]) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let secret = try SharedSecret(gateway.secretOctets)
            let attributes = [
                Attribute(.userName, text: "@college.example"), Attribute(.eapMessage, [2, 1, 0, 5, 1]),
            ]
            // An unsigned request of a gateway from which none has been demanded so far.
            let unsigned = Packet(.accessRequest, identifier: 1, authenticator: .random(), attributes: attributes)
            gateway.send(try unsigned.encoded())
            #expect(await gateway.receive(0.5) == nil)
            #expect(home.requests.isEmpty)
            let signed = try secret.accessRequest(identifier: 2, attributes: attributes)
            gateway.send(signed.bytes)
            #expect(await gateway.receive(0.5) == nil, "an unsigned Accept is no answer")
            let reply = try #require(try await gateway.exchange(signed))
            #expect(reply.code == .accessReject && home.requests.count == 2)
        }
        await home.stop()
    }
}
