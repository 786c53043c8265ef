internal import Evidence
import Foundation
internal import Logging

/// What a crash has left: journals whose segments were not sealed, or were and not yet in the log. Nobody here can read
/// them; they are taken into the archive as they are.
struct Recovery: Sendable {
    let layout: ArchiveLayout
    let files: DurableFiles
    let ledger: Ledger
    let clock: RetentionClock
    let logger: Logger

    /// A journal larger than any that the limits allow.
    static let journalLimit = 1 << 30

    /// What was found.
    struct Outcome: Sendable, Equatable {
        /// Journals that are objects of the archive now.
        var adopted = 0
        /// Their records.
        var records = 0
        /// Segments that lacked their entry in the log.
        var completed = 0
        /// Files that are no journals; left where they are.
        var unreadable = 0
    }

    /// Works once, before anything is taken in.
    func run() async throws -> Outcome {
        var outcome = Outcome()
        let files = try FileManager.default.contentsOfDirectory(atPath: layout.journals).sorted()
        // The whole log is read for what is sealed, so only when somebody asks.
        let sealed = files.isEmpty ? [] : try await ledger.sealed()
        for file in files {
            let path = "\(layout.journals)/\(file)"
            if sealed.contains(String(file.prefix { $0 != "." })) {
                try self.files.remove(path)
                continue
            }
            do { try await adopt(path, &outcome) } catch let error as EvidenceError {
                outcome.unreadable += 1
                logger.error("a journal cannot be read", metadata: ["file": "\(path)", "error": "\(error)"])
            }
        }
        if outcome != Outcome() {
            logger.notice(
                "took over what the last run left",
                metadata: [
                    "journals": "\(outcome.adopted)", "records": "\(outcome.records)",
                    "segments": "\(outcome.completed)", "unreadable": "\(outcome.unreadable)",
                ])
        }
        return outcome
    }

    private func adopt(_ path: String, _ outcome: inout Outcome) async throws {
        let octets = try DurableFiles.read(path, limit: Self.journalLimit)
        let journal = try JournalFile(octets)
        let label = journal.header.label
        let segment = layout.object(label.objectName)
        if FileManager.default.fileExists(atPath: segment) {
            // Published whole, since it has its name; only the log did not know yet.
            let object = try SegmentFile(SegmentSource(try DurableFiles.read(segment, limit: SegmentLimits.segment)))
            try await ledger.enter(try LogEntry.sealed(object))
            outcome.completed += 1
        } else if journal.records > 0 {
            let name = label.journalName
            try files.makeDirectory((layout.object(name) as NSString).deletingLastPathComponent)
            try files.publish(Array(octets[..<journal.soundLength]), at: layout.object(name))
            try await ledger.enter(try LogEntry.journal(journal, time: clock.milliseconds()))
            outcome.adopted += 1
            outcome.records += journal.records
        }
        try files.remove(path)
    }
}
