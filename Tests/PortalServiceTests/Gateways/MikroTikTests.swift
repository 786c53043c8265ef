import Foundation
import Testing

@testable import PortalService

@Suite struct MikroTikTests {
    @Test func `reads RouterOS's variables and its octal challenge`() throws {
        let fields = try Fields(
            parsing: """
                link-login-only=http%3A%2F%2F10.5.50.1%2Flogin&mac=02%3A00%3A5E%3A00%3A53%3A01&ip=10.5.50.9\
                &chap-id=%5C062&chap-challenge=%5C001%5C377ab&link-orig=http%3A%2F%2Fexemple.fr%2F&identity=mairie-gw
                """)
        let request = try #require(try MikroTikRequest(fields))
        #expect(request.origin == "http://10.5.50.1" && request.path == "/login")
        #expect(request.chap == MikroTikRequest.Chap(identifier: 0o62, challenge: [1, 255, 0x61, 0x62]))
        let password = MikroTikRequest.password("secret", chap: request.chap)
        let expected = try Program.run(
            "/usr/bin/openssl", ["dgst", "-md5", "-r"], input: [0o62] + Array("secret".utf8) + [1, 255, 0x61, 0x62])
        #expect(password == String(decoding: expected.prefix(32), as: UTF8.self))
        #expect(MikroTikRequest.password("secret", chap: nil) == "secret")
    }

    @Test(arguments: [
        "link-login-only=javascript:alert(1)", "link-login-only=http%3A%2F%2Fa%40evil%2Flogin",
        "link-login-only=http%3A%2F%2F10.5.50.1%2Flogin&chap-id=1&chap-challenge=%5C9",
        "link-login-only=http%3A%2F%2F10.5.50.1%2Flogin&chap-id=12&chap-challenge=a",
        "link-login-only=http%3A%2F%2F10.5.50.1%2Flo%22gin",
    ])
    func `refuses what RouterOS does not write`(query: String) {
        #expect(throws: PortalError(.gatewayRefused, "")) { _ = try MikroTikRequest(Fields(parsing: query)) }
    }
}
