import Foundation
import Testing

extension SystemTests {
    /// The lab itself: what the other tests stand on.
    @Suite(.serialized, .disabled(if: Lab.isSkipped, "SOCLE_SKIP_LAB=1")) struct LabTests {
        @Test(.timeLimit(.minutes(1)))
        func `a client reaches the Internet through the gateway, and a closed lab leaves nothing`()
            async throws
        {
            let folder = try await Lab.during("lab") { lab in
                #expect(try await lab.internetIsOpen())
                let portal = try await lab.command(.client, ["getent", "hosts", Lab.Address.portal]).run()
                #expect(portal.hasPrefix(Lab.Address.server))
                return lab.folder.url.path
            }
            #expect(!FileManager.default.fileExists(atPath: folder))
            // The brackets keep the search from finding itself.
            let pattern = folder.replacingOccurrences(of: "socle", with: "[s]ocle")
            let processes = try await Command(["pgrep", "-fa", pattern]).outcome()
            #expect(processes.status == 1, "still running: \(processes.text)")
        }
    }
}
