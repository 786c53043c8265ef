import OpenSSL
import Testing

@testable import EAP

/// Every method over both versions of TLS, between our two sides.
@Suite struct MethodTests {
    static let methods: [EAPPeerMethod] = [
        .ttlsPAP, .ttlsCHAP, .ttlsMSCHAPv2, .ttls(.mschapv2), .ttls(.genericTokenCard), .peap(.mschapv2),
        .peap(.genericTokenCard), .tls,
    ]
    static let withPassword = methods.filter { $0 != .tls }
    let world: EAPWorld

    init() throws { world = try EAPWorld.shared.get() }

    private func login(
        _ method: EAPPeerMethod, _ version: TLSVersion, password: String = EAPWorld.password
    ) throws -> Login {
        try Login(world.server(), world.peer(method, version, password: password))
    }

    @Test(arguments: methods, TLSVersion.allCases)
    func `lets in who proves it, and both ends have the same keys`(method: EAPPeerMethod, version: TLSVersion) throws {
        let login = try login(method, version)
        let success = try #require(login.success)
        let peer = try #require(login.peerSuccess)
        #expect(success.msk == peer.msk && success.emsk == peer.emsk)
        #expect(success.msk.count == 64 && success.emsk.count == 64 && success.msk != success.emsk)
        #expect(success.tlsVersion == version && success.method == method.outer && !success.isResumed)
        #expect(success.outerIdentity.text == "anonymous@college-x.fr")
        #expect(success.innerIdentity == (method == .tls ? nil : EAPWorld.user))
        #expect(success.sessionID?.count == (version == .tls13 ? 65 : nil))
        #expect(login.asked.count == 1)
    }

    @Test(arguments: withPassword, TLSVersion.allCases)
    func `refuses a wrong password, and the peer hears a Failure`(method: EAPPeerMethod, version: TLSVersion) throws {
        let login = try login(method, version, password: "wrong horse")
        #expect(login.success == nil && login.peerSuccess == nil)
        #expect(login.failure == .refused || login.failure == .passwordWrong)
        #expect(login.peerFailure != nil)
    }

    @Test(arguments: methods, TLSVersion.allCases)
    func `refuses whom the caller refuses`(method: EAPPeerMethod, version: TLSVersion) throws {
        let login = try Login(world.server(), world.peer(method, version)) { _ in .reject }
        #expect(login.failure == .refused && login.peerFailure != nil)
    }

    @Test func `takes a credential that came with the Finished (RFC 9427 §3)`() throws {
        var peer = try world.peer(.ttlsPAP, .tls13)
        peer.joinsFinished = true
        let login = try Login(world.server(), peer)
        #expect(login.success != nil && login.peerSuccess != nil)
        #expect(try login.rounds < self.login(.ttlsPAP, .tls13).rounds)
    }

    @Test(arguments: [100, 101, 500, 1400], TLSVersion.allCases)
    func `no packet is longer than allowed, both ways`(size: Int, version: TLSVersion) throws {
        let login = try Login(world.server(), world.peer(.tls, version), packetSize: size)
        #expect(login.success != nil)
        #expect(login.longestRequest <= size && login.longestResponse <= size)
        #expect(login.longestRequest == size || size == 1400)
    }
}
