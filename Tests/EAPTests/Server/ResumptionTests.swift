import OpenSSL
import Testing

@testable import EAP

@Suite struct ResumptionTests {
    let world: EAPWorld

    init() throws { world = try EAPWorld.shared.get() }

    @Test(arguments: MethodTests.methods, TLSVersion.allCases)
    func `a session that succeeded is resumed with what it authorized`(
        method: EAPPeerMethod, version: TLSVersion
    ) throws {
        let server = try world.server()
        var peer = try world.peer(method, version)
        let first = try Login(server, peer)
        peer.resuming = try #require(first.peerSuccess?.resumable)
        for _ in 0..<2 {
            let again = try Login(server, peer)
            #expect(again.asked == ["resumed"])
            let success = try #require(again.success)
            #expect(success.isResumed && success.tlsVersion == version && success.innerIdentity == nil)
            #expect(success.msk == again.peerSuccess?.msk && success.msk != first.success?.msk)
            #expect(again.rounds < first.rounds || method == .ttlsPAP || method == .ttlsCHAP)
            if let next = again.peerSuccess?.resumable { peer.resuming = next }
        }
    }

    @Test(arguments: MethodTests.methods, TLSVersion.allCases)
    func `the caller may refuse, and is told the authorization and the certificate`(
        method: EAPPeerMethod, version: TLSVersion
    ) throws {
        let server = try world.server()
        var peer = try world.peer(method, version)
        peer.resuming = try #require(try Login(server, peer).peerSuccess?.resumable)
        var told: EAPResumption?
        let again = try Login(server, peer) { action in
            if case .resumed(let resumption) = action { told = resumption }
            return .reject
        }
        #expect(again.failure == .refused && again.peerSuccess == nil)
        #expect(told?.cachedAuthorization == Login.authorization)
        #expect(told?.certificate?.commonName == (method == .tls ? EAPWorld.user : nil))
    }

    @Test(arguments: TLSVersion.allCases)
    func `no ticket of a session that failed resumes (RFC 9427 §3)`(version: TLSVersion) throws {
        let server = try world.server()
        let settings = try world.peer(.ttlsPAP, version, password: "wrong horse")
        let (conversation, peer) = (EAPConversation(server), EAPPeer(settings))
        #expect(try Login(conversation, peer).failure == .refused)
        var again = try world.peer(.ttlsPAP, version)
        again.resuming = peer.resumable
        #expect(again.resuming != nil, "the early ticket was given")
        #expect(try Login(server, again).asked == ["PAP"])
        #expect(server.memory?.count == 1)
    }

    @Test(arguments: MethodTests.methods, TLSVersion.allCases)
    func `without an authorization to cache nothing is resumed`(method: EAPPeerMethod, version: TLSVersion) throws {
        let server = try world.server()
        var peer = try world.peer(method, version)
        let judge: Login.Judge = { action in
            switch try Login.accounts(action) {
            case .accept: .accept(cachedAuthorization: nil)
            case .ntHash(let hash, _): .ntHash(hash, cachedAuthorization: nil)
            case .reject: .reject
            }
        }
        let first = try Login(server, peer, judge: judge)
        #expect(first.success != nil)
        peer.resuming = first.peerSuccess?.resumable
        #expect(try Login(server, peer).asked != ["resumed"])
    }

    @Test func `255 octets of authorization come back, 256 do not`() throws {
        let server = try world.server()
        for (method, count) in [(EAPPeerMethod.ttlsPAP, 255), (.ttlsPAP, 256), (.tls, 255), (.tls, 256)] {
            let authorization = [UInt8](repeating: 5, count: count)
            var peer = try world.peer(method, .tls13)
            peer.resuming = try Login(server, peer) { _ in .accept(cachedAuthorization: authorization) }.peerSuccess?
                .resumable
            var told: [UInt8]?
            _ = try Login(server, peer) { action in
                if case .resumed(let resumption) = action { told = resumption.cachedAuthorization }
                return .reject
            }
            #expect(told == (count == 255 ? authorization : nil))
        }
    }

    @Test func `a ticket of one method is none for another (RFC 9427 §4)`() throws {
        let server = try world.server()
        var peer = try world.peer(.peap(.mschapv2), .tls13)
        peer.resuming = try Login(server, world.peer(.ttlsMSCHAPv2, .tls13)).peerSuccess?.resumable
        #expect(peer.resuming != nil)
        #expect(try Login(server, peer).asked == ["MS-CHAPv2"])
    }

    @Test(arguments: MethodTests.methods, TLSVersion.allCases)
    func `the memory holds what tickets refer to, and nothing where there are none`(
        method: EAPPeerMethod, version: TLSVersion
    ) throws {
        let server = try world.server()
        let first = try Login(server, world.peer(method, version))
        #expect(first.success != nil)
        let early: [EAPPeerMethod] = [.ttlsPAP, .ttlsCHAP, .ttls(.genericTokenCard)]
        #expect(server.memory?.count == (version == .tls12 || early.contains(method) ? 1 : 0))

        var tls = try world.serverTLS(version)
        tls.resumption = nil
        let without = try EAPServerSettings(tls: tls)
        #expect(try Login(without, world.peer(method, version)).success != nil)
        #expect(without.memory?.count == 0)
    }

    @Test func `a ticket that TLS 1.2 replaced is good for nobody until a full login`() throws {
        var tls = try world.serverTLS(.tls12)
        let old = [UInt8](repeating: 7, count: 80)
        let server = try EAPServerSettings(tls: tls)
        var peer = try world.peer(.ttlsPAP, .tls12)
        peer.resuming = try Login(server, peer).peerSuccess?.resumable
        tls.resumption = TLSTicketKeys(current: old.map { $0 + 1 }, previous: old, lifetimeSeconds: 3600)
        var renewed = try EAPServerSettings(tls: tls)
        renewed.memory = server.memory
        let resumed = try Login(renewed, peer)
        #expect(resumed.asked == ["resumed"])
        let replaced = try #require(resumed.peerSuccess?.resumable)
        #expect(replaced != peer.resuming)
        peer.resuming = replaced
        let full = try Login(renewed, peer)
        #expect(full.asked == ["PAP"])
        peer.resuming = full.peerSuccess?.resumable
        #expect(try Login(renewed, peer).asked == ["resumed"])
    }

    @Test(arguments: [true, false])
    func `another node honours the tickets that hold the authorization`(alone: Bool) throws {
        var here = try world.server()
        here.sendsTicketAlone = alone
        var peer = try world.peer(.ttlsPAP, .tls13)
        let first = try Login(here, peer)
        peer.resuming = try #require(first.peerSuccess?.resumable)
        #expect(try Login(world.server(), peer).asked == [alone ? "resumed" : "PAP"])
        #expect(first.success != nil)
    }

    @Test func `the memory keeps as many as it may, the newest`() {
        let memory = EAPTicketMemory(capacity: 2)
        for octet: UInt8 in 1...4 { memory.remember([octet], handle: [octet]) }
        memory.remember([9], handle: [4])
        #expect(memory.count == 2)
        #expect((1...4).map { memory.authorization([$0]) } == [nil, nil, [3], [9]])
        memory.remember([5], handle: [5])
        #expect((3...5).map { memory.authorization([$0]) } == [nil, [9], [5]])
    }
}
