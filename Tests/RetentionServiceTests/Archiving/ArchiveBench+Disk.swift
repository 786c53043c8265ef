import Evidence
import Foundation
import Pacing
import Testing

@testable import RetentionService

extension ArchiveBench {
    /// Journals on disk.
    func journals() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: layout.journals).map { "\(layout.journals)/\($0)" }
    }

    /// Records that the journals on disk say they hold, in the clear.
    func journalledRecords() throws -> Int {
        try journals().reduce(0) { sum, path in
            // A journal may be sealed and gone by the time it is read.
            guard let octets = try? DurableFiles.read(path, limit: 1 << 30) else { return sum }
            return sum + ((try? JournalFile(octets).records) ?? 0)
        }
    }

    /// What the verifier says of the published archive, as of when its clock stands.
    func verified() -> VerificationReport {
        let layout = layout
        let storage = ArchiveStorage(
            read: { try layout.read($0) },
            names: { prefix in
                (FileManager.default.enumerator(atPath: layout.object(prefix))?.allObjects as? [String] ?? [])
                    .filter { $0.hasSuffix(".segment") || $0.hasSuffix(".journal") }.map { prefix + $0 }
            },
            segment: { name in try layout.read(name).map { SegmentSource($0) } })
        let terms = ArchiveVerifier.Terms(
            origin: signer.verifier.name, logKeys: [signer.verifier], instant: Self.start)
        return ArchiveVerifier(storage, terms).verify()
    }

    /// Fails if a file under the archive's directory holds these octets.
    func expectNowhere(_ octets: [UInt8], _ location: SourceLocation = #_sourceLocation) throws {
        let files = FileManager.default.enumerator(atPath: root)
        while let name = files?.nextObject() as? String {
            guard let data = FileManager.default.contents(atPath: "\(root)/\(name)") else { continue }
            #expect(data.range(of: Data(octets)) == nil, "\(name)", sourceLocation: location)
        }
    }
}

/// Looks again and again at what only the disk can tell: there is no event of it to wait for.
enum Tick {
    static func until(_ isTrue: () throws -> Bool) async rethrows {
        if try isTrue() { return }
        for await _ in Ticker(interval: .milliseconds(20), clock: ContinuousClock()) where try isTrue() { return }
    }
}
