import OpenSSL
import Testing

@testable import EAP

/// Who trusts whom, and how a refusal by TLS ends a conversation.
@Suite struct TrustTests {
    let world: EAPWorld

    init() throws { world = try EAPWorld.shared.get() }

    @Test(arguments: MethodTests.methods, TLSVersion.allCases)
    func `a peer sends nothing to a server of another authority`(method: EAPPeerMethod, version: TLSVersion) throws {
        let stranger = try EAPWorld()
        let login = try Login(stranger.server(), world.peer(method, version))
        #expect(login.failure == .tls(.alertReceived) && login.asked.isEmpty)
        #expect(login.peerFailure == .tls(.certificateUntrusted))
    }

    @Test(arguments: TLSVersion.allCases)
    func `a peer sends nothing to a server of another name`(version: TLSVersion) throws {
        let peer = try world.peer(.ttlsPAP, version) { $0.verifyName = "radius.example.org" }
        let login = try Login(world.server(), peer)
        #expect(login.failure == .tls(.alertReceived) && login.asked.isEmpty)
        #expect(login.peerFailure == .tls(.certificateNameMismatch))
    }

    @Test(arguments: TLSVersion.allCases)
    func `EAP-TLS refuses a peer without a certificate, and says so by an alert`(version: TLSVersion) throws {
        let peer = try world.peer(.tls, version) { tls in (tls.certificateChain, tls.privateKey) = ([], []) }
        let login = try Login(world.server(), peer)
        #expect(login.failure == .tls(.certificateMissing) && login.asked.isEmpty)
        #expect(login.peerFailure == .tls(.alertReceived))
    }

    @Test(arguments: TLSVersion.allCases)
    func `EAP-TLS refuses a certificate of another authority`(version: TLSVersion) throws {
        let stranger = try EAPWorld()
        let peer = try world.peer(.tls, version) { tls in
            tls.certificateChain = try stranger.clientCertificate.pem
            tls.privateKey = try stranger.clientKey.pem()
        }
        let login = try Login(world.server(), peer)
        #expect(login.failure == .tls(.certificateUntrusted) && login.asked.isEmpty)
    }

    @Test func `EAP-TLS shows the caller the chain and the outer identity`() throws {
        var seen: InnerCredential?
        _ = try Login(world.server(), world.peer(.tls)) { action in
            if case .verify(let credential) = action { seen = credential }
            return .reject
        }
        guard case .certificate(let chain, let identity) = seen else {
            Issue.record("no certificate")
            return
        }
        #expect(chain == [world.clientCertificate, world.authority.certificate])
        #expect(identity.text == "anonymous@college-x.fr")
    }

    @Test func `no version in common is a Failure`() throws {
        let login = try Login(world.server([.ttls], .tls12), world.peer(.ttlsPAP, .tls13))
        #expect(login.failure == .tls(.versionMismatch) && login.peerFailure == .tls(.alertReceived))
    }

    @Test func `a server without trust anchors cannot offer EAP-TLS`() throws {
        var tls = try world.serverTLS()
        tls.trustAnchors = []
        #expect(throws: OpenSSLError(.settingInvalid, "")) { try EAPServerSettings(tls: tls) }
        #expect(throws: Never.self) { try EAPServerSettings(tls: tls, methods: [.ttls, .peap]) }
        #expect(throws: OpenSSLError(.settingInvalid, "")) { try EAPServerSettings(tls: tls, methods: []) }
        #expect(throws: OpenSSLError(.settingInvalid, "")) { try EAPServerSettings(tls: tls, methods: [.ttls, .ttls]) }
    }

    @Test func `RSA certificates do as well`() throws {
        let rsa = try EAPWorld(kind: .rsa2048)
        for method in MethodTests.methods { #expect(try Login(rsa.server(), rsa.peer(method)).success != nil) }
    }
}
