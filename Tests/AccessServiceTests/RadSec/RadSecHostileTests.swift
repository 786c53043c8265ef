import AccessService
import CLinux
import Foundation
import Glibc
import OpenSSL
import RADIUS
import Store
import Testing

/// Peers that hold a connection without using it. Every wait here ends with what it waits for.
@Suite(.serialized) struct RadSecHostileTests {
    @Test func `a handshake that does not go on is cut`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve(limits: { $0.handshakeDeadline = .milliseconds(300) }) { _, port in
                let isCut = try await onThread {
                    let descriptor = try TLSPeer.connect(port)
                    defer { Glibc.close(descriptor) }
                    try TLSPeer.write(descriptor, [22, 3, 1])
                    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    var octet: UInt8 = 0
                    return poll(&polled, 1, 8_000) > 0 && recv(descriptor, &octet, 1, 0) <= 0
                }
                #expect(isCut)
            }
        }
    }

    @Test(arguments: [true, false])
    func `a peer that sends octet by octet is cut, inside a record and between records`(insideRecord: Bool) async throws
    {
        try await RadSecGround.with { ground in
            try await ground.serve(limits: { $0.packetDeadline = .milliseconds(400) }) { _, port in
                let settings = try ground.settings()
                let packet = try SharedSecret(RadSecGround.secret).statusServer(identifier: 1).bytes
                let isCut = try await onThread {
                    let peer = try TLSPeer(port, settings)
                    do {
                        if insideRecord {
                            try peer.drip(packet, pause: 100)
                        } else {
                            for octet in packet {
                                try peer.send([octet])
                                if try peer.receive(0.1) != nil { return false }
                            }
                        }
                    } catch { return true }
                    return false
                }
                #expect(isCut)
            }
        }
    }

    @Test func `a connection without packets is cut, one with packets is not`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve(limits: { $0.idleLimit = .milliseconds(1500) }) { _, port in
                let settings = try ground.settings()
                try await onThread {
                    let (quiet, busy) = (try TLSPeer(port, settings), try TLSPeer(port, settings))
                    let secret = try SharedSecret(RadSecGround.secret)
                    var identifier: UInt8 = 0
                    let deadline = Date(timeIntervalSinceNow: 10)
                    var isCut = false
                    while !isCut, deadline.timeIntervalSinceNow > 0 {
                        identifier &+= 1
                        #expect(try busy.exchange(try secret.statusServer(identifier: identifier)) != nil)
                        isCut = quiet.ends(within: 0.3)
                    }
                    #expect(isCut)
                    #expect(try busy.exchange(try secret.statusServer(identifier: 0)) != nil)
                }
            }
        }
    }

    @Test func `a peer that does not read is cut`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve(limits: { $0.outputBacklog = 32_768 }) { _, port in
                let settings = try ground.settings()
                let isCut = try await onThread {
                    let peer = try TLSPeer(port, settings, receiveBuffer: 4096)
                    let secret = try SharedSecret(RadSecGround.secret)
                    let deadline = Date(timeIntervalSinceNow: 20)
                    var identifier: UInt8 = 0
                    while deadline.timeIntervalSinceNow > 0 {
                        var octets: [UInt8] = []
                        for _ in 0..<50 {
                            identifier &+= 1
                            // Long Proxy-States come back with each reply.
                            let states = (0..<12).map { _ in
                                Attribute(.proxyState, [UInt8](repeating: 7, count: 250))
                            }
                            octets += try secret.statusServer(identifier: identifier, attributes: states).bytes
                            if octets.count > 12_000 { break }
                        }
                        do { try peer.send(octets) } catch { return true }
                    }
                    return false
                }
                #expect(isCut)
            }
        }
    }
}
