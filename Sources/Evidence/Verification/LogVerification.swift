/// Rebuilds the log twice, from its entries and from the hashes in its tiles; the one that leads to the checkpoint's
/// root is right, and what differs from it is damaged.
struct LogVerification {
    let storage: ArchiveStorage
    let checkpoint: Checkpoint
    let others: [(name: String, checkpoint: Checkpoint)]
    /// At which sizes a root is wanted.
    private let sizes: Set<UInt64>

    init(storage: ArchiveStorage, checkpoint: Checkpoint, others: [(name: String, checkpoint: Checkpoint)]) {
        (self.storage, self.checkpoint, self.others) = (storage, checkpoint, others)
        sizes = Set(others.map(\.checkpoint.size))
    }

    private struct Rebuilt {
        var writer = LogWriter()
        /// Tiles above the lowest level, and of it, that are not as rebuilt: path and first octet that differs.
        var damaged: [(path: String, octet: Int)] = []
        /// Roots at the sizes of other checkpoints.
        var roots: [UInt64: Digest] = [:]
    }

    private static let mostDamage = 1000

    func run(_ ledger: inout SegmentLedger, _ report: inout VerificationReport) {
        let tree = LogTree(size: checkpoint.size, read: storage.read)
        var (fromEntries, fromTiles) = (Rebuilt(), Rebuilt())
        var differing: [(index: UInt64, path: String)] = []
        var bundle: UInt64 = 0
        while fromEntries.writer.size < checkpoint.size {
            let first = fromEntries.writer.size
            let width = Int(min(UInt64(Tile.width), checkpoint.size - first))
            let entries = entries(tree, bundle, width, &report)
            let hashes = hashes(tree, bundle, width, &report)
            // Where one of the two cannot be read the other stands for it, so that the rest is still checked.
            guard let leaves = entries?.map(MerkleTree.leaf) ?? hashes else { return }
            let stored = hashes ?? leaves
            guard leaves.count == width, stored.count == width else { return }
            let path = Tile(content: .entries, index: bundle, width: width).path
            for place in 0..<width where leaves[place] != stored[place] && differing.count < LogVerification.mostDamage
            {
                differing.append((first + UInt64(place), path))
            }
            add(leaves, to: &fromEntries)
            add(stored, to: &fromTiles)
            for (place, entry) in (entries ?? []).enumerated() { ledger.take(entry, first + UInt64(place), &report) }
            bundle += 1
        }
        compare(&fromEntries, fromEntries.writer.objects())
        compare(&fromTiles, fromTiles.writer.objects())
        judge(fromEntries, fromTiles, differing, &report)
        checkEarlierTiles(tree, &report)
    }

    /// Partial tiles of earlier checkpoints must be beginnings of the tiles they grew into.
    private func checkEarlierTiles(_ tree: LogTree, _ report: inout VerificationReport) {
        let names: [String]
        do { names = try storage.names("tile/") } catch {
            report.add(.unreadable, "tile/", "the objects cannot be listed")
            return
        }
        for name in names.sorted() {
            guard let tile = Tile(path: name), let grown = try? tree.tile(tile.content, tile.index) else {
                report.add(.warning, .tileStray, name, "it is no tile of this log")
                continue
            }
            guard tile.width < min(grown.width, Tile.width), let octets = try? storage.read(name) else { continue }
            let octet = octets.indices.first { $0 >= grown.octets.count || octets[$0] != grown.octets[$0] }
            if let octet {
                report.add(.tileDamaged, name, "octet \(octet) is not as the log requires")
            } else if tile.width != width(of: octets, tile) {
                report.add(.tileDamaged, name, "it has not \(tile.width) entries")
            }
        }
    }

    private func width(of octets: [UInt8], _ tile: Tile) -> Int? {
        switch tile.content {
        case .hashes: octets.count % Digest.length == 0 ? octets.count / Digest.length : nil
        case .entries: try? Tile.entries(octets, width: tile.width, tile.path).count
        }
    }

    private func add(_ hashes: [Digest], to rebuilt: inout Rebuilt) {
        for hash in hashes {
            rebuilt.writer.append(hash: hash)
            if sizes.contains(rebuilt.writer.size) {
                rebuilt.roots[rebuilt.writer.size] = rebuilt.writer.root
            }
        }
        compare(&rebuilt, rebuilt.writer.fullTiles())
    }

    private func entries(_ tree: LogTree, _ bundle: UInt64, _ width: Int, _ report: inout VerificationReport)
        -> [[UInt8]]?
    {
        do throws(EvidenceError) { return Array(try tree.entries(bundle: bundle).prefix(width)) } catch {
            report.add(error.code == .missingObject ? .tileMissing : .entryDamaged, error.structure, error.description)
            return nil
        }
    }

    private func hashes(_ tree: LogTree, _ bundle: UInt64, _ width: Int, _ report: inout VerificationReport)
        -> [Digest]?
    {
        do throws(EvidenceError) { return Array(try tree.hashes(level: 0, bundle).prefix(width)) } catch {
            report.add(error.code == .missingObject ? .tileMissing : .tileDamaged, error.structure, error.description)
            return nil
        }
    }

    /// Compares tiles as rebuilt with those stored. A partial tile is stored only for the size of a checkpoint.
    private func compare(_ rebuilt: inout Rebuilt, _ objects: [LogWriter.Object]) {
        for object in objects where !object.path.hasPrefix("tile/entries/") {
            guard rebuilt.damaged.count < LogVerification.mostDamage else { return }
            guard let stored = stored(object.path) else {
                rebuilt.damaged.append((object.path, 0))
                continue
            }
            if let octet = object.octets.indices.first(where: { $0 >= stored.count || stored[$0] != object.octets[$0] })
            {
                rebuilt.damaged.append((object.path, octet))
            }
        }
    }

    /// A tile; a partial one may have gone once the full one exists.
    private func stored(_ path: String) -> [UInt8]? {
        if let octets = try? storage.read(path) { return octets }
        return path.firstRange(of: ".p/").flatMap { try? storage.read(String(path[..<$0.lowerBound])) }
    }

    private func judge(
        _ fromEntries: Rebuilt, _ fromTiles: Rebuilt, _ differing: [(index: UInt64, path: String)],
        _ report: inout VerificationReport
    ) {
        let entriesHold = fromEntries.writer.root == checkpoint.root
        let right = entriesHold ? fromEntries : fromTiles
        if !entriesHold {
            if fromTiles.writer.root != checkpoint.root {
                report.add(.rootMismatch, "checkpoint", "neither entries nor tiles lead to the root it states")
            }
            for (index, path) in differing {
                report.add(.entryDamaged, path, "entry \(index) has not the hash in its tile")
            }
        }
        for (path, octet) in right.damaged {
            report.add(.tileDamaged, path, "octet \(octet) is not as the log requires")
        }
        for (name, other) in others { judge(name, other, right, &report) }
    }

    private func judge(_ name: String, _ other: Checkpoint, _ right: Rebuilt, _ report: inout VerificationReport) {
        guard other.size <= checkpoint.size else {
            let lost = "the log had \(other.size) entries and now has \(checkpoint.size)"
            report.add(.rolledBack, name, lost)
            return
        }
        let root = other.size == 0 ? MerkleTree.emptyRoot : right.roots[other.size]
        guard root == other.root else {
            report.add(.forked, name, "the first \(other.size) entries are not those that it saw")
            return
        }
        report.consistentCheckpoints += 1
    }
}
