import Foundation
import Store
import Territory
import Testing

@testable import PortalService

@Suite struct FASTests {
    private static let key = Array(PortalWorld.faskey.utf8)

    @Test func `reads level 1`() throws {
        let query = try Fields(parsing: OpenNDSGateway.plain())
        let request = try FASRequest(plain: query["fas"] ?? "")
        #expect(request.hid == OpenNDSGateway.hid && request.mac == PortalWorld.phone && !request.isEncrypted)
        #expect(request.gatewayAddress == "10.66.0.1:2050" && request.authDirectory == "opennds_auth")
        #expect(request.originalURL == "http://neverssl.test/")
        #expect(
            request.returnedHash(key: Self.key) == (try OpenNDSGateway.sha256(OpenNDSGateway.hid + PortalWorld.faskey)))
    }

    @Test func `opens levels 2 and 3 as openssl sealed them`() throws {
        let query = try Fields(parsing: try OpenNDSGateway.encrypted())
        let (fas, vector) = (query["fas"] ?? "", query["iv"] ?? "")
        let request = try #require(try FASRequest(encrypted: fas, vector: vector, key: Self.key))
        #expect(request.isEncrypted && request.address == "10.66.0.101")
        #expect(try FASRequest(encrypted: fas, vector: vector, key: Array("another-key".utf8)) == nil)
    }

    @Test(arguments: [10, 16, 31, 32, 33, 64])
    func `a key of any length opens what was sealed under it: openNDS keeps all of it, the cipher the first 32 octets`(
        length: Int
    ) throws {
        let key = String(repeating: "abcdefgh234567zy", count: 4).prefix(length)
        let query = try Fields(parsing: try OpenNDSGateway.encrypted(key: String(key)))
        let request = try #require(
            try FASRequest(encrypted: query["fas"] ?? "", vector: query["iv"] ?? "", key: Array(key.utf8)))
        #expect(request.address == "10.66.0.101")
        #expect(request.returnedHash(key: Array(key.utf8)) == (try OpenNDSGateway.sha256(OpenNDSGateway.hid + key)))
    }

    @Test func `the gateway's name loses the suffix openNDS adds, and its digest does not`() throws {
        let list = OpenNDSGateway.list(name: "Salle%20des%20f%c3%aates%20Node%3a02005e005300")
        let request = try FASRequest(plain: Data(list.utf8).base64EncodedString())
        #expect(request.plainGatewayName == "Salle des fêtes")
        #expect(
            request.gatewayHash
                == Array(
                    try #require(
                        Program.hex(try OpenNDSGateway.sha256("Salle%20des%20f%c3%aates%20Node%3a02005e005300")))))
    }

    @Test func `what the visitor asked for cannot stand in for what the gateway says`() throws {
        let list = OpenNDSGateway.list(
            origin: "http%3a%2f%2fx%2f%2c%20gatewayaddress%3devil, gatewayaddress=198.51.100.1")
        let request = try FASRequest(plain: Data(list.utf8).base64EncodedString())
        #expect(request.gatewayAddress == "10.66.0.1:2050")
    }

    @Test(arguments: [
        "", "!!!", "aGVsbG8=", Data("hid=zz, clientip=1.2.3.4".utf8).base64EncodedString(),
        Data(OpenNDSGateway.list(address: "nowhere").utf8).base64EncodedString(),
        Data(OpenNDSGateway.list(gateway: "10.0.0.1/evil").utf8).base64EncodedString(),
        Data(OpenNDSGateway.list(authdir: "../x").utf8).base64EncodedString(),
        Data([0x68, 0x69, 0x64, 0x3d, 0xff]).base64EncodedString(), String(repeating: "A", count: 20_000),
    ])
    func `refuses a level 1 list that is no list`(fas: String) {
        #expect(throws: PortalError(.gatewayRefused, "")) { _ = try FASRequest(plain: fas) }
    }

    @Test(arguments: [
        ("", "0123456789abcdef"), ("AAAA", "0123456789abcdef"), ("QUJDRA==", "0123456789abcdef"),
        ("QUFBQQ==", "short"), (String(repeating: "A", count: 40_000), "0123456789abcdef"),
    ])
    func `refuses what no key could open`(fas: String, vector: String) {
        #expect(throws: PortalError(.gatewayRefused, "")) {
            _ = try FASRequest(encrypted: fas, vector: vector, key: Self.key)
        }
    }

    @Test func `ten thousand altered queries never trap`() throws {
        let query = try Fields(parsing: try OpenNDSGateway.encrypted())
        let sealed = Array((query["fas"] ?? "").utf8)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<10_000 {
            var altered = sealed
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                altered[Int.random(in: 0..<altered.count, using: &random)] = UInt8.random(in: 32...126, using: &random)
            }
            _ = try? FASRequest(
                encrypted: String(decoding: altered, as: UTF8.self), vector: "0123456789abcdef", key: Self.key)
            _ = try? FASRequest(plain: String(decoding: altered, as: UTF8.self))
        }
    }

    @Test func `authmon's verbs`() throws {
        func action(_ verb: String, _ payload: String = "none") throws -> AuthmonRequest.Action? {
            let form = PercentEncoding.query(
                try OpenNDSGateway.authmon(verb, payload: payload).map { (name: $0.0, value: $0.1) })
            return try AuthmonRequest(Fields(parsing: form))?.action
        }
        let token = String(repeating: "ab", count: 32)
        #expect(try action("clear") == .clear && action("list") == .list && action("view") == .view)
        #expect(try action("view", "*") == .acknowledge([]))
        #expect(try action("view", "* \(token) \(token)") == .acknowledge([token, token]))
        #expect(try action("view", "* \(token)\n* \(token)") == .acknowledge([token, token]))
        #expect(try action("view", "* short") == .acknowledge([]))
        #expect(try action("custom", "anything") == .custom)
        #expect(throws: PortalError(.gatewayRefused, "")) { _ = try action("deauthed", "nothing") }
        #expect(throws: PortalError(.gatewayRefused, "")) { _ = try action("open") }
        #expect(throws: PortalError(.gatewayRefused, "")) {
            _ = try AuthmonRequest(Fields(parsing: "auth_get=view&gatewayhash=12"))
        }
    }

    @Test func `the end of a session, with counters that are missing, negative or no numbers`() throws {
        let full = try #require(
            EndedSession(
                "method=timeout_deauth, clientmac=02:00:5e:00:53:01, bytes_incoming=12, bytes_outgoing=34, session_start=1, session_end=2, token=x, custom=none"
            ))
        #expect(full.downloaded == 12 && full.uploaded == 34 && full.custom == nil)
        let odd = try #require(
            EndedSession("method=x, clientmac=y, bytes_incoming=-5, bytes_outgoing=99999999999999999999"))
        #expect(odd.downloaded == 0 && odd.uploaded == 0)
        #expect(EndedSession("clientmac=x") == nil && EndedSession("") == nil)
    }

    @Test func `authmon's list holds whole entries within 1024 characters, in words of its shell's plain characters`() {
        let handoffs = (0..<20).map { index in
            PortalHandoff(
                id: Int64(index), sessionID: UUID(),
                draft: PortalHandoff.Draft(
                    organisationID: 1, siteID: 1, nasID: 1, grantID: 1, gatewayHash: [],
                    token: String(repeating: "ab", count: 32),
                    parameters: "240 10000 20000 3000000 3000000", isFetched: true, device: nil, address: nil,
                    visitorAddress: nil, endsAt: .distantFuture),
                createdAt: .distantPast, acknowledgedAt: nil, closedAt: nil)
        }
        let (text, count) = AuthmonList.text(handoffs)
        #expect(text.hasPrefix("* ") && text.dropFirst(2).utf8.count <= 1024 && (4...10).contains(count))
        #expect(text.dropFirst(2).split(separator: " ").count == count)
        #expect(
            text.dropFirst(2).utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x25
                    || $0 == 0x20
            })
        #expect(AuthmonList.text([]).text == "*")
    }
}

extension Program {
    /// The octets of hexadecimal text.
    static func hex(_ text: String) -> [UInt8]? {
        stride(from: 0, to: text.utf8.count, by: 2).reduce(into: [UInt8]?([])) { octets, offset in
            let start = text.index(text.startIndex, offsetBy: offset)
            UInt8(text[start..<text.index(start, offsetBy: 2)], radix: 16).map { octets?.append($0) }
        }
    }
}
