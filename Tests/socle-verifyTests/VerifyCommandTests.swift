import ArgumentParser
import Evidence
import Foundation
import Testing

@testable import socle_verify

/// The command on a small archive on disk.
@Suite struct VerifyCommandTests {
    private static let day: Int64 = 86_400_000
    private static let start: Int64 = 1_800_000_000_000 / day * day

    /// An archive of one segment, its log's public key beside it.
    private struct Sample {
        let root: String
        let signer: NoteSigner
        /// The name of its object.
        let segment: String

        var key: String { root + ".pub" }

        init() throws {
            root = FileManager.default.temporaryDirectory.appending(path: "verify-\(UUID().uuidString)").path
            signer = try NoteSigner(generating: .log, name: "archive.example/log")
            let officers = (1...3).map { ArchiveKey(generating: .officer, name: "officer-\($0)").recipient }
            let recipients = try Recipients(
                auditor: ArchiveKey(generating: .auditor, name: "auditor").recipient, officers: officers)
            let builder = SegmentBuilder(.translations)
            var record = NewRecord()
            (record.start, record.end) = (VerifyCommandTests.start, VerifyCommandTests.start + 1)
            try builder.append(record)
            let label = SegmentLabel(
                recordClass: "C4", tenant: "commun",
                period: VerifyCommandTests.start..<(VerifyCommandTests.start + VerifyCommandTests.day),
                sealedAt: VerifyCommandTests.start, expiresAt: VerifyCommandTests.start + 366 * VerifyCommandTests.day,
                policy: "france/1", basis: "R.10-13 IV")
            let sealed = try builder.seal(label, to: recipients)
            segment = label.objectName
            var writer = LogWriter()
            try writer.append(try LogEntry.sealed(sealed).encoded)
            for object in writer.objects() { try write(object.octets, object.path) }
            let checkpoint = Checkpoint(origin: signer.verifier.name, size: writer.size, root: writer.root)
            try write(Array(try checkpoint.signed(by: signer).encoded.utf8), "checkpoint")
            try write(sealed.octets, segment)
            try "\(signer.verifier)\n".write(toFile: key, atomically: true, encoding: .utf8)
        }

        func write(_ octets: [UInt8], _ name: String) throws {
            let url = URL(filePath: "\(root)/\(name)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(octets).write(to: url)
        }

        func remove() {
            try? FileManager.default.removeItem(atPath: root)
            try? FileManager.default.removeItem(atPath: key)
        }
    }

    /// The status that the command ends with.
    private func status(_ arguments: [String]) -> Int32 {
        do {
            var command = try VerifyCommand.parseAsRoot(arguments)
            try command.run()
            return 0
        } catch let code as ExitCode { return code.rawValue } catch {
            return VerifyCommand.exitCode(for: error).rawValue
        }
    }

    private func withSample(_ body: (Sample) throws -> Void) throws {
        let sample = try Sample()
        defer { sample.remove() }
        try body(sample)
    }

    @Test func `a sound archive is proved, and one that keeps too long is not`() throws {
        try withSample { sample in
            let arguments = [sample.root, "--log-key", sample.key, "--at"]
            #expect(status(arguments + ["2027-02-01T00:00:00Z"]) == 0)
            #expect(status(arguments + ["2029-02-01T00:00:00Z"]) == 1)
        }
    }

    @Test func `an altered segment, a missing one and a stranger's are errors`() throws {
        try withSample { sample in
            let arguments = [sample.root, "--log-key", sample.key, "--at", "2027-02-01T00:00:00Z", "--quiet"]
            let name = sample.segment
            let file = "\(sample.root)/\(name)"
            let octets = [UInt8](try Data(contentsOf: URL(filePath: file)))
            var altered = octets
            altered[octets.count - 1] ^= 1
            try sample.write(altered, name)
            #expect(status(arguments) == 1)
            try FileManager.default.removeItem(atPath: file)
            #expect(status(arguments) == 1)
            try sample.write(octets, name)
            #expect(status(arguments) == 0)
            try sample.write(octets, "segments/C4/2027-01-15/stranger.segment")
            #expect(status(arguments) == 1)
        }
    }

    @Test func `what is no archive, no key or no instant has a status of its own`() throws {
        try withSample { sample in
            #expect(status(["/nonexistent", "--log-key", sample.key]) == 66)
            #expect(status([sample.root, "--log-key", sample.root + "/checkpoint"]) == 65)
            #expect(status([sample.root, "--log-key", "/nonexistent"]) == 65)
            #expect(status([sample.root, "--log-key", sample.key, "--at", "yesterday"]) == 64)
            #expect(status([sample.root, "--log-key", sample.key, "--grace", "-1"]) == 64)
        }
    }
}
