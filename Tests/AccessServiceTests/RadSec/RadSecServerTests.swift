import AccessService
import CLinux
import Foundation
import Glibc
import OpenSSL
import Postgres
import RADIUS
import Store
import Territory
import Testing

@Suite(.serialized) struct RadSecServerTests {
    @Test func `login, accounting and Status-Server share one connection (RFC 6614 §2.5)`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve { deployment, port in
                let code = try await deployment.ground.voucher().code.canonical
                let settings = try ground.settings()
                try await onThread {
                    let peer = try TLSPeer(port, settings)
                    let secret = try SharedSecret(RadSecGround.secret)
                    let login = try secret.accessRequest(identifier: 1, userName: code, password: Array(code.utf8))
                    #expect(try peer.exchange(login)?.code == .accessAccept)
                    let wrong = try secret.accessRequest(identifier: 2, userName: code, password: Array("no".utf8))
                    #expect(try peer.exchange(wrong)?.code == .accessReject)
                    let start = try Gateway.accountingRequest(secret, .start, "s1", name: code, identifier: 3)
                    #expect(try peer.exchange(start)?.code == .accountingResponse)
                    #expect(try peer.exchange(try secret.statusServer(identifier: 4))?.code == .accessAccept)
                    // Again, octet for octet: the same reply (RFC 5080 §2.2.2).
                    #expect(try peer.exchange(login)?.code == .accessAccept)
                }
                #expect(try await deployment.ground.count("SELECT count(*) FROM access.live_session") == 1)
            }
        }
    }

    @Test func `two hundred requests written together are all answered`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve(limits: { $0.requestsInFlight = 8 }) { _, port in
                let settings = try ground.settings()
                let identifiers = try await onThread {
                    let peer = try TLSPeer(port, settings)
                    let secret = try SharedSecret(RadSecGround.secret)
                    var octets: [UInt8] = []
                    for identifier in UInt8(0)..<200 {
                        octets += try Gateway.accountingRequest(
                            secret, .start, "s\(identifier)", identifier: identifier
                        ).bytes
                    }
                    try peer.send(octets)
                    var seen: Set<UInt8> = []
                    while seen.count < 200, let reply = try peer.receive(30) { seen.insert(reply[1]) }
                    return seen
                }
                #expect(identifiers.count == 200)
            }
        }
    }

    @Test func `RADIUS/1.1 is spoken with who offers it (RFC 9765)`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve { deployment, port in
                let code = try await deployment.ground.voucher().code.canonical
                let settings = try ground.settings(protocols: [.radius10, .radius11])
                try await onThread {
                    let peer = try TLSPeer(port, settings)
                    #expect(peer.applicationProtocol == "radius/1.1")
                    for token in UInt32(7)...9 {
                        let login = try SignedRequest(
                            .accessRequest, token: token,
                            attributes: [
                                Attribute(.userName, text: code), Attribute(.userPassword, text: code),
                            ])
                        #expect(try peer.exchange(login, version: .radius11)?.code == .accessAccept)
                    }
                    let status = try SignedRequest(.statusServer, token: 10, attributes: [])
                    #expect(try peer.exchange(status, version: .radius11)?.code == .accessAccept)
                }
            }
        }
    }

    @Test func `a NAS that is taken away loses its connection`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve { deployment, port in
                let settings = try ground.settings()
                let nas = deployment.ground.nas
                let ended = Task {
                    try await onThread {
                        let peer = try TLSPeer(port, settings)
                        let secret = try SharedSecret(RadSecGround.secret)
                        let deadline = Date(timeIntervalSinceNow: 8)
                        var identifier: UInt8 = 0
                        while deadline.timeIntervalSinceNow > 0 {
                            identifier &+= 1
                            let status = try secret.statusServer(identifier: identifier)
                            do { _ = try peer.exchange(status) } catch { return true }
                        }
                        return false
                    }
                }
                let directory = NASDirectory(deployment.ground.owner, keys: deployment.ground.keys)
                try await directory.setCertificateName("another.example.fr", of: nas)
                #expect(try await ended.value)
            }
        }
    }

    @Test func `a packet with a wrong authenticator ends the connection (RFC 6613 §2.6.4)`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve { _, port in
                let settings = try ground.settings()
                let bad = try SharedSecret(Array("not radsec".utf8)).statusServer(identifier: 1).bytes
                for octets in [
                    bad, [4, 1, 0, 19] + [UInt8](repeating: 0, count: 15),
                    [1, 1, 0, 22] + .init(repeating: 0, count: 18),
                ] {
                    let ended = try await onThread {
                        let peer = try TLSPeer(port, settings)
                        try peer.send(octets)
                        return peer.ends()
                    }
                    #expect(ended)
                }
            }
        }
    }

    @Test func `a further connection of a certificate ends its oldest`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve(limits: { $0.connectionsPerCertificate = 2 }) { _, port in
                let settings = try ground.settings()
                try await onThread {
                    let secret = try SharedSecret(RadSecGround.secret)
                    let status = try secret.statusServer(identifier: 1)
                    var peers: [TLSPeer] = []
                    for _ in 0..<3 {
                        let peer = try TLSPeer(port, settings)
                        #expect(try peer.exchange(status)?.code == .accessAccept)
                        peers.append(peer)
                    }
                    #expect(peers[0].ends())
                    #expect(try peers[1].exchange(status)?.code == .accessAccept)
                    #expect(try peers[2].exchange(status)?.code == .accessAccept)
                }
            }
        }
    }

    @Test func `connections beyond the bound are refused`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve(limits: { $0.connections = 1 }) { _, port in
                let settings = try ground.settings()
                try await onThread {
                    let first = try TLSPeer(port, settings)
                    #expect(throws: (any Error).self) { try TLSPeer(port, settings) }
                    let status = try SharedSecret(RadSecGround.secret).statusServer(identifier: 1)
                    #expect(try first.exchange(status)?.code == .accessAccept)
                }
            }
        }
    }
}
