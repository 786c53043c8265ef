import AccessService
import Foundation
import OpenSSL
import RADIUS
import Store
import Testing

@Suite(.serialized) struct RadSecCertificateTests {
    /// Whether a peer gets an answer; a server that refuses a certificate under TLS 1.3 says so after the handshake.
    private func isServed(_ port: UInt16, _ settings: TLSSettings) async throws -> Bool {
        try await onThread {
            do {
                let peer = try TLSPeer(port, settings)
                let status = try SharedSecret(RadSecGround.secret).statusServer(identifier: 1)
                return try peer.exchange(status)?.code == .accessAccept
            } catch { return false }
        }
    }

    @Test func `expired, revoked, of another authority, unknown, none: each is refused, and the good one is served`()
        async throws
    {
        try await RadSecGround.with { ground in
            try ground.issue(
                "expired", name: RadSecGround.nasName,
                validity: RadSecGround.validity(days: 1, from: -10 * 86_400))
            let revoked = try ground.issue("revoked", name: RadSecGround.nasName)
            try ground.revoke([revoked], number: 2)
            let other = try CertificateAuthority.create(name: "Autre", validity: RadSecGround.validity(days: 100))
            try ground.issue("foreign", name: RadSecGround.nasName, by: other)
            try ground.issue("stranger", name: "ap-2.example.fr")
            try await ground.serve { deployment, port in
                for name in ["expired", "revoked", "foreign", "stranger"] {
                    for versions in [TLSVersion.tls12...TLSVersion.tls12, .tls13 ... .tls13] {
                        var settings = try ground.settings(name)
                        settings.versions = versions
                        #expect(try await !isServed(port, settings), "\(name)")
                    }
                }
                #expect(try await !isServed(port, try ground.settings(nil)))
                for versions in [TLSVersion.tls12...TLSVersion.tls12, .tls13 ... .tls13] {
                    var settings = try ground.settings()
                    settings.versions = versions
                    #expect(try await isServed(port, settings))
                }
            }
        }
    }

    @Test func `a server without the name we ask for is not believed`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve { _, port in
                var settings = try ground.settings()
                settings.verifyName = "other.example.fr"
                #expect(try await !isServed(port, settings))
            }
        }
    }
}
