internal import Evidence
import Foundation
internal import Logging
internal import NIOCore
internal import Store

/// The transparency log, and the catalogue that follows it. An entry is in the log when ``append(_:)`` returns: tiles
/// first, then the checkpoint that counts them.
actor Ledger {
    private let layout: ArchiveLayout
    private let files: DurableFiles
    private let signer: NoteSigner
    private let catalogue: SegmentCatalogue
    private let loop: any EventLoop
    private let clock: RetentionClock
    private let logger: Logger
    private var writer: LogWriter
    /// The first entry that the catalogue may lack; nil: it has all.
    private var catalogueLacks: UInt64?

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    /// Goes on from the published checkpoint. Throws `.damaged` when tiles and checkpoint do not agree, or when another key
    /// has signed it.
    init(
        _ layout: ArchiveLayout, files: DurableFiles, signer: NoteSigner, catalogue: SegmentCatalogue,
        loop: any EventLoop, clock: RetentionClock, logger: Logger
    ) throws {
        (self.layout, self.files, self.signer, self.catalogue) = (layout, files, signer, catalogue)
        (self.loop, self.clock, self.logger) = (loop, clock, logger)
        writer = try Self.resume(layout, signer)
        catalogueLacks = 0
    }

    private static func resume(_ layout: ArchiveLayout, _ signer: NoteSigner) throws -> LogWriter {
        guard FileManager.default.fileExists(atPath: layout.checkpoint) else { return LogWriter() }
        do {
            let note = try SignedNote(octets: try DurableFiles.read(layout.checkpoint, limit: 1 << 20))
            guard try !note.verify([signer.verifier]).isEmpty else {
                throw RetentionError(.damaged, "\(layout.checkpoint) is not signed by the log's key")
            }
            return try LogWriter(resuming: try Checkpoint(note.text), read: layout.read)
        } catch let error as EvidenceError {
            throw RetentionError(.damaged, "\(layout.published): \(error)")
        }
    }

    /// Adds entries; they are in the log when this returns. Returns the number of the first.
    @discardableResult
    func append(_ entries: [LogEntry]) throws -> UInt64 {
        let first = writer.size
        guard !entries.isEmpty else { return first }
        var next = writer
        for entry in entries { try next.append(entry.encoded) }
        for object in next.objects() {
            let path = layout.object(object.path)
            try files.makeDirectory((path as NSString).deletingLastPathComponent)
            try files.publish(object.octets, at: path)
        }
        let note = try Checkpoint(origin: signer.verifier.name, size: next.size, root: next.root).signed(by: signer)
        try files.publish([UInt8](note.encoded.utf8), at: layout.checkpoint)
        writer = next
        try files.probe(.leafAppended)
        return first
    }

    /// Enters a sealed object into the log and the catalogue. The catalogue may come later: the log is what counts.
    func enter(_ entry: LogEntry) async throws {
        let leaf = try append([entry])
        guard catalogueLacks == nil else { return }
        do { try await catalogue.enter(entry, leaf: leaf) } catch {
            catalogueLacks = min(catalogueLacks ?? leaf, leaf)
            logger.warning("the catalogue lacks a segment for now", metadata: ["error": "\(error)"])
        }
    }

    /// Brings the catalogue up to the log, from the first entry that it may lack.
    func catchUpCatalogue() async {
        guard let start = catalogueLacks else { return }
        catalogueLacks = nil
        do {
            let tree = LogTree(size: writer.size, read: layout.read)
            let missing = try entries(lackedBy: try await catalogue.leaves(), from: start, tree)
            for (leaf, entry) in missing { try await catalogue.enter(entry, leaf: leaf) }
        } catch {
            catalogueLacks = min(catalogueLacks ?? start, start)
            logger.warning("the catalogue is behind the log", metadata: ["error": "\(error)"])
        }
    }

    /// What the log says of segments and the catalogue does not. All of the log is read, and nothing is written twice.
    private func entries(
        lackedBy known: [Int64: Bool], from start: UInt64, _ tree: LogTree
    ) throws -> [(leaf: UInt64, entry: LogEntry)] {
        var lacking: [(leaf: UInt64, entry: LogEntry)] = []
        var destroyed = Set<String>()
        try tree.forEachEntry(from: start) { leaf, octets in
            let entry = try LogEntry(octets)
            switch entry.kind {
            case .sealed, .journal:
                let isDestroyed = known[Int64(clamping: leaf)]
                if isDestroyed == nil { lacking.append((leaf, entry)) }
                if isDestroyed == true { destroyed.insert(entry["segment"]) }
            case .destroyed: if !destroyed.contains(entry["segment"]) { lacking.append((leaf, entry)) }
            default: break
            }
        }
        return lacking
    }

    /// An entry.
    func entry(_ index: UInt64) throws -> LogEntry {
        try LogEntry(try LogTree(size: writer.size, read: layout.read).entry(index))
    }

    /// Segments and journals that the log has, by their names.
    func sealed() throws -> Set<String> {
        let tree = LogTree(size: writer.size, read: layout.read)
        var found: Set<String> = []
        try tree.forEachEntry(from: 0) { _, octets in
            let entry = try LogEntry(octets)
            if entry.kind == .sealed || entry.kind == .journal { found.insert(entry["segment"]) }
        }
        return found
    }
}

extension ArchiveLayout {
    /// The newest signed size and root of the log.
    var checkpoint: String { object("checkpoint") }

    /// Reads an object of the log; nil where there is none.
    func read(_ path: String) throws -> [UInt8]? {
        let full = object(path)
        guard FileManager.default.fileExists(atPath: full) else { return nil }
        return try DurableFiles.read(full, limit: 1 << 25)
    }
}

extension SegmentCatalogue {
    /// Takes over what an entry of the log says of a segment; nothing of the other kinds.
    func enter(_ entry: LogEntry, leaf: UInt64) async throws {
        let date = { (name: String) in Date(timeIntervalSince1970: Double(entry.number(name) ?? 0) / 1_000) }
        switch entry.kind {
        case .sealed, .journal:
            let isJournal = entry.kind == .journal
            try await enter(
                CataloguedSegment(
                    name: entry.objectName, retentionClass: entry["class"], tenantGroup: entry["tenant"],
                    kind: Schema.all.first { Int64($0.id) == entry.number("kind") }?.name ?? entry["kind"],
                    isJournal: isJournal, period: date("from")..<date("until"), records: entry.number("records") ?? 0,
                    bytes: entry.number("length") ?? 0, basis: entry["basis"], policy: entry["policy"],
                    clockStart: date("until"), expiresAt: date("expires"), leaf: Int64(clamping: leaf),
                    sealedAt: date("time")))
        case .destroyed: try await markDestroyed(entry["segment"], at: date("time"))
        default: break
        }
    }
}
