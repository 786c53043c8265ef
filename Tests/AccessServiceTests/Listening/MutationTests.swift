import AccessService
import CLinux
import Foundation
import Glibc
import Postgres
import RADIUS
import Store
import Territory
import Testing

@Suite struct MutationTests {
    /// A generator that gives the same numbers in every run.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var value = state
            value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
            return value ^ (value >> 31)
        }
    }

    private func mutate(_ packet: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
        var bytes = packet
        switch Int.random(in: 0..<8, using: &numbers) {
        case 0: bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &numbers)))
        case 1:
            bytes += (0..<Int.random(in: 1...4000, using: &numbers)).map { _ in
                UInt8.random(in: 0...255, using: &numbers)
            }
        case 2: bytes[Int.random(in: 20..<bytes.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
        case 3: bytes[2] = UInt8.random(in: 0...255, using: &numbers)
        case 4: bytes[3] = UInt8.random(in: 0...255, using: &numbers)
        case 5: bytes[0] = UInt8.random(in: 0...255, using: &numbers)
        case 6:
            bytes = (0..<Int.random(in: 0...200, using: &numbers)).map { _ in UInt8.random(in: 0...255, using: &numbers)
            }
        default:
            for _ in 0..<Int.random(in: 2...20, using: &numbers) {
                bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
            }
        }
        return bytes
    }

    /// Whether a packet proves that its sender knows the secret; only such a one may be answered.
    private func isAuthentic(_ bytes: [UInt8], _ secret: SharedSecret) -> Bool {
        bytes.withUnsafeBytes { buffer in
            guard let packet = try? PacketView(buffer), let proof = try? secret.verify(request: packet) else {
                return false
            }
            return proof != .none
        }
    }

    @Test func `100 000 mutated packets: no answer to any that is not authentic, and the daemon serves on`()
        async throws
    {
        try await Deployment.with(nas: .loopback(policy: .require)) { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let secret = try SharedSecret(Array(Ground.secret.utf8))
            let login = try secret.accessRequest(
                identifier: 1, userName: code, password: Array(code.utf8),
                attributes: [Attribute(.callingStationID, text: "02-00-5E-00-53-01"), Attribute(.proxyState, [1, 2])])
            let record = try Gateway.accountingRequest(secret, .start, "s1", name: code, identifier: 2)
            let status = try secret.statusServer(identifier: 3)
            var numbers = Numbers(state: 42)
            var sent = 0
            for port in [deployment.authenticationPort, deployment.accountingPort] {
                let gateway = try Gateway(port)
                var authentic = 0
                for index in 0..<50_000 {
                    let bytes = mutate([login, record, status][index % 3].bytes, &numbers)
                    if isAuthentic(bytes, secret) { authentic += 1 }
                    gateway.send(bytes)
                    sent += 1
                    // So that none is lost in the socket's buffer: the daemon keeps pace.
                    if index % 64 == 0 { await Task.yield() }
                }
                var replies = 0
                while await gateway.receive(0.5) != nil { replies += 1 }
                #expect(replies <= authentic, "\(replies) replies, \(authentic) authentic packets")
            }
            #expect(sent == 100_000)
            let gateway = try Gateway(deployment.authenticationPort)
            #expect(try await gateway.login(code, code)?.code == .accessAccept)
            let accounting = try Gateway(deployment.accountingPort)
            #expect(try await accounting.account(.start, "after")?.code == .accountingResponse)
        }
    }
}
