import ArgumentParser
import Evidence
import Foundation

/// `socle-verify`: checks an archive offline, without keys, without a database and without trusting whoever keeps it.
@main
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "socle-verify",
        abstract: "Check an archive: hashes, log, proofs, cosignatures, counts, gaps, purges, over-retention.",
        discussion: """
            Reads a copy of the archive's directory (the one with `checkpoint`, `tile` and `segments`) and nothing else. \
            No key opens anything here: what is sealed stays sealed.

            The last line is the statement. Exit status: 0 proved, 1 something is wrong, 64 wrong usage, 66 no archive \
            there, 65 a key or checkpoint that cannot be read.
            """)

    @Argument(help: "The archive's directory.", completion: .directory) var directory: String
    @Option(help: "File with the log's public key, NAME.pub of socle archive key --role log.", completion: .file())
    var logKey: String
    @Option(help: "File with a witness's public key; may be given several times.", completion: .file())
    var witness: [String] = []
    @Option(
        help: "A checkpoint that a witness keeps, from the witness; may be given several times.", completion: .file())
    var witnessed: [String] = []
    @Option(help: "The instant that expiry is judged for, such as 2027-01-31T00:00:00Z. Default: now.") var at: String?
    @Option(help: "Hours that a purge may take after expiry.") var grace = 24
    @Flag(help: "Errors and the statement alone.") var quiet = false

    func run() throws {
        guard (0...8_784).contains(grace) else { throw ValidationError("--grace is 0 to 8784 hours") }
        let root = URL(filePath: directory).standardizedFileURL.path
        guard FileManager.default.fileExists(atPath: root + "/checkpoint") else {
            throw Fault.told(66, "\(root) holds no archive: there is no checkpoint")
        }
        let log = try key(logKey)
        var terms = ArchiveVerifier.Terms(
            origin: log.name, logKeys: [log], witnesses: try witness.map(key), instant: try instant())
        terms.grace = Int64(grace) * 3_600_000
        let notes = try witnessed.map { (name: $0, note: try octets($0, limit: 1 << 20)) }
        let report = ArchiveVerifier(.directory(root), terms).verify(witnessed: notes)
        for finding in report.findings where !quiet || finding.severity == .error { print(finding) }
        if report.unlisted > 0 { print("… and \(report.unlisted) more") }
        if !quiet { print(totals(report)) }
        print(report.statement)
        if !report.isSound { throw ExitCode(1) }
    }

    private func instant() throws -> Int64 {
        guard let at else { return Int64(Date().timeIntervalSince1970 * 1_000) }
        guard let instant = try? Date(at, strategy: .iso8601) else {
            throw ValidationError("--at is an instant such as 2027-01-31T00:00:00Z")
        }
        return Int64(instant.timeIntervalSince1970 * 1_000)
    }

    private func key(_ file: String) throws -> NoteVerifier {
        let text = String(decoding: try octets(file, limit: 4_096), as: UTF8.self)
        do { return try NoteVerifier(text.trimmingCharacters(in: .whitespacesAndNewlines)) } catch {
            throw Fault.told(65, "\(file) is no public key of a log or witness: \(error)")
        }
    }

    private func octets(_ file: String, limit: Int) throws -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: file), let data = try? handle.read(upToCount: limit + 1),
            data.count <= limit
        else { throw Fault.told(65, "\(file) cannot be read, or is too large") }
        return [UInt8](data)
    }

    private func totals(_ report: VerificationReport) -> String {
        report.classes.sorted { $0.key < $1.key }.map { name, totals in
            "\(name): \(totals.live) segments with \(totals.liveRecords) records in \(totals.octets) octets, "
                + "\(totals.destroyed) destroyed"
        }.joined(separator: "\n")
    }
}

/// Something that ends the command with a status of its own, told on standard error.
enum Fault {
    static func told(_ status: Int32, _ text: String) -> ExitCode {
        FileHandle.standardError.write(Data("socle-verify: \(text)\n".utf8))
        return ExitCode(status)
    }
}
