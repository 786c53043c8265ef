import Foundation
import OpenSSL
import RADIUS
import Testing

@testable import AccessService

@Suite struct ReloadingTLSContextTests {
    @Test func `takes renewed files over, and keeps the old ones while the new cannot be used`() async throws {
        try await RadSecGround.with { ground in
            let reloading = try ReloadingTLSContext(ground.files(), logger: Deployment.logger) { _ in }
            let first = reloading.current
            #expect(!reloading.reload())
            try ground.issue("server", name: "radius.example.fr")
            #expect(reloading.reload())
            let second = reloading.current
            #expect(second !== first)
            try ground.write("server.key", Array("-----BEGIN PRIVATE KEY-----\n".utf8))
            #expect(!reloading.reload())
            #expect(reloading.current === second)
            try FileManager.default.removeItem(at: ground.directory.appending(path: "server.pem"))
            #expect(!reloading.reload())
            #expect(reloading.current === second)
        }
    }

    @Test func `refuses to begin with files that cannot be used`() async throws {
        try await RadSecGround.with { ground in
            var files = ground.files()
            files.key = ground.path("nas.key")
            #expect(throws: AccessError(.configuration, "")) {
                try ReloadingTLSContext(files, logger: Deployment.logger) { _ in }
            }
            files.key = ground.path("missing.key")
            #expect(throws: AccessError(.configuration, "")) {
                try ReloadingTLSContext(files, logger: Deployment.logger) { _ in }
            }
        }
    }
}
