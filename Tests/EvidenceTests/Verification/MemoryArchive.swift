import Testing

@testable import Evidence

/// An archive in memory, with its log, its witness and three days of segments.
final class MemoryArchive {
    static let dayLength: Int64 = 86_400_000
    let logKey: NoteSigner
    let witness: NoteSigner
    var objects: [String: [UInt8]] = [:]
    private var writer = LogWriter()
    private(set) var clock = Samples.day.lowerBound
    private(set) var sealed: [LogEntry] = []
    private(set) var names: [String] = []

    init() throws {
        logKey = try NoteSigner(generating: .log, name: "archive.example/log")
        witness = try NoteSigner(generating: .cosigner, name: "audit.example/witness")
    }

    func append(_ entry: LogEntry) throws { try writer.append(entry.encoded) }

    /// Seals a segment of `count` records of day `day`, kept for `days` days after it.
    @discardableResult
    func seal(_ recordClass: String = "C4", day: Int, days: Int = 365, count: Int = 20) throws -> LogEntry {
        let start = Samples.day.lowerBound + Int64(day) * MemoryArchive.dayLength
        let end = start + MemoryArchive.dayLength
        clock = max(clock, end)
        let label = SegmentLabel(
            recordClass: recordClass, tenant: "ouest", period: start..<end, sealedAt: end,
            expiresAt: end + Int64(days) * MemoryArchive.dayLength, policy: "2026-03", basis: "R.10-13 IV")
        let segment = try Samples.builder(.leases, count, seed: UInt64(day + 1)).seal(label, to: Samples.recipients())
        let entry = try LogEntry.sealed(segment)
        objects[label.objectName] = segment.octets
        try append(entry)
        sealed.append(entry)
        names.append(label.objectName)
        return entry
    }

    func destroy(_ number: Int, at time: Int64) throws {
        try append(.destroyed(sealed[number], time: time, reason: "expired", policy: "2026-03", visa: "AD17/2026/3"))
        objects[names[number]] = nil
    }

    /// Publishes a checkpoint of the log as it stands, cosigned, and keeps it under `checkpoints/` too.
    @discardableResult
    func publish() throws -> SignedNote {
        for object in writer.objects() { objects[object.path] = object.octets }
        let checkpoint = Checkpoint(origin: "archive.example/log", size: writer.size, root: writer.root)
        var note = try checkpoint.signed(by: logKey)
        try note.cosign(witness, time: UInt64(clock / 1000))
        objects["checkpoint"] = [UInt8](note.encoded.utf8)
        objects["checkpoints/\(writer.size)"] = [UInt8](note.encoded.utf8)
        return note
    }

    var storage: ArchiveStorage {
        ArchiveStorage(
            read: { [objects] in objects[$0] },
            names: { [objects] prefix in objects.keys.filter { $0.hasPrefix(prefix) } },
            segment: { [objects] in objects[$0].map { SegmentSource($0) } })
    }

    func verify(at day: Int = 10, witnessed: [SignedNote] = []) throws -> VerificationReport {
        let instant = Samples.day.lowerBound + Int64(day) * MemoryArchive.dayLength
        let terms = ArchiveVerifier.Terms(
            origin: "archive.example/log", logKeys: [logKey.verifier], witnesses: [witness.verifier], instant: instant)
        let notes = witnessed.map { (name: "witness", note: [UInt8]($0.encoded.utf8)) }
        return ArchiveVerifier(storage, terms).verify(witnessed: notes)
    }
}
