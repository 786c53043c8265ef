import Foundation
import Testing

@testable import PortalService

@Suite struct UAMTests {
    private static let challenge = "00112233445566778899aabbccddeeff"
    private static let octets = (0..<16).map { UInt8($0 * 17) }

    private static func md5(_ octets: [UInt8]) throws -> [UInt8] {
        try Program.run("/usr/bin/openssl", ["dgst", "-md5", "-binary"], input: octets)
    }

    @Test func `reads what CoovaChilli writes`() throws {
        let fields = try Fields(
            parsing: """
                res=notyet&uamip=10.68.0.1&uamport=3990&challenge=\(Self.challenge)&called=02-00-5E-00-53-00\
                &mac=02-00-5E-00-53-01&ip=10.68.0.2&nasid=mairie&sessionid=abc&userurl=http%3a%2f%2fexemple.fr%2f
                """)
        let request = try #require(try UAMRequest(fields))
        #expect(request.outcome == .notyet && request.host == "10.68.0.1" && request.port == 3990)
        #expect(request.challenge == Self.octets && request.originalURL == "http://exemple.fr/")
    }

    @Test(arguments: [
        "uamip=10.0.0.1&res=maybe&challenge=00112233445566778899aabbccddeeff", "uamip=10.0.0.1",
        "uamip=10.0.0.1&challenge=zz",
        "uamip=10.0.0.1&challenge=0011", "uamip=10.0.0.1&uamport=0&challenge=00112233445566778899aabbccddeeff",
        "uamip=10.0.0.1&uamport=65536&challenge=00112233445566778899aabbccddeeff",
        "uamip=evil.example%2f&challenge=00112233445566778899aabbccddeeff",
        "uamip=a@b&challenge=00112233445566778899aabbccddeeff", "uamip=&challenge=00112233445566778899aabbccddeeff",
    ])
    func `refuses parameters no gateway writes`(query: String) {
        #expect(throws: PortalError(.gatewayRefused, "")) { _ = try UAMRequest(Fields(parsing: query)) }
    }

    @Test func `a query without uamip is of no UAM gateway`() throws {
        #expect(try UAMRequest(Fields(parsing: "res=notyet")) == nil)
    }

    @Test func `the CHAP response is the MD5 of zero, password and salted challenge (RFC 1994 §4.1)`() throws {
        let salted = try Self.md5(Self.octets + Array("uam-secret".utf8))
        let expected = try Self.md5([0] + Array("password".utf8) + salted)
        let url = UAMReply(host: "10.68.0.1", port: 3990).logon(
            username: "g.x", password: "password", challenge: Self.octets, secret: Array("uam-secret".utf8),
            method: .chap)
        let hex = expected.map { String(format: "%02x", $0) }.joined()
        #expect(url == "http://10.68.0.1:3990/logon?username=g.x&response=\(hex)")
    }

    @Test
    func
        `PAP hides a password under the challenge again and again, as CoovaChilli reveals it, and shows no octet of it`()
        throws
    {
        let password = "abcdefghijklmnopqrst"
        let url = UAMReply(host: "10.68.0.1", port: 3990).logon(
            username: "g.x", password: password, challenge: Self.octets, secret: [], method: .pap)
        let hex = try #require(url.split(separator: "=").last)
        let hidden = stride(from: 0, to: hex.utf8.count, by: 2).map { offset -> UInt8 in
            let start = hex.index(hex.startIndex, offsetBy: offset)
            return UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16) ?? 0
        }
        // A zero beyond the first 16 octets would be the challenge itself.
        #expect(hidden.count == 20)
        let revealed = hidden.enumerated().map { $0.element ^ Self.octets[$0.offset % 16] }
        #expect(String(decoding: revealed.prefix { $0 != 0 }, as: UTF8.self) == password)
        #expect(UAMReply.hidden(password: String(repeating: "a", count: 16), challenge: Self.octets).count == 16)
        #expect(UAMReply.hidden(password: "", challenge: Self.octets).count == 16)
    }

    @Test func `the signature covers the whole address up to itself`() throws {
        let target = "/uam?res=notyet&uamip=10.68.0.1&uamport=3990&challenge=\(Self.challenge)"
        let origin = "http://portail.test:8080"
        let digest = try Self.md5(Array("\(origin)\(target)uam-secret".utf8))
        let signed = "\(target)&md=\(digest.map { String(format: "%02X", $0) }.joined())"
        func isSigned(_ target: String, _ secret: String) -> Bool {
            UAMRequest.isSigned(origins: [origin], target: target, secret: Array(secret.utf8))
        }
        #expect(isSigned(signed, "uam-secret"))
        #expect(!isSigned(signed, "another"))
        #expect(!isSigned(signed.replacingOccurrences(of: "10.68.0.1", with: "10.68.0.9"), "uam-secret"))
        #expect(!isSigned(signed + "&uamip=1.2.3.4", "uam-secret"))
        #expect(!isSigned(target, "uam-secret"))
    }

    @Test func `an IPv6 gateway stands in brackets`() {
        #expect(UAMReply(host: "fd00::1", port: 3990).origin == "http://[fd00::1]:3990")
        #expect(UAMReply(host: "10.0.0.1", port: 80).logoff == "http://10.0.0.1/logoff")
    }
}
