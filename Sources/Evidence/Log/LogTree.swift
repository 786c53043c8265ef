/// A log of a given size, read from its tiles: roots, entries and proofs.
public struct LogTree {
    /// Gives an object by its path, nil where there is none.
    public typealias Read = (String) throws -> [UInt8]?

    /// Entries.
    public let size: UInt64
    private let read: Read

    /// `read` gives the objects of the folder in which `tile/` is.
    public init(size: UInt64, read: @escaping Read) {
        (self.size, self.read) = (size, read)
    }

    /// Tiles of a level, counted from 0: hashes of 256^level entries each.
    func tile(_ content: Tile.Content, _ index: UInt64) throws(EvidenceError) -> (octets: [UInt8], width: Int) {
        var count = size
        if case .hashes(let level) = content { count = level < 8 ? size >> UInt64(8 * level) : 0 }
        let before = index <= count / UInt64(Tile.width) ? index * UInt64(Tile.width) : count
        let width = Int(min(UInt64(Tile.width), count - before))
        let tile = Tile(content: content, index: index, width: width)
        guard width > 0 else { throw EvidenceError(.missingObject, in: tile.full.path) }
        if let octets = try object(tile.path) { return (octets, width) }
        // A partial tile may have gone once the full one exists.
        guard width < Tile.width, let octets = try object(tile.full.path) else {
            throw EvidenceError(.missingObject, in: tile.path)
        }
        return (octets, Tile.width)
    }

    private func object(_ path: String) throws(EvidenceError) -> [UInt8]? {
        do { return try read(path) } catch { throw EvidenceError(.missingObject, in: path) }
    }

    func hashes(level: Int, _ index: UInt64) throws(EvidenceError) -> [Digest] {
        let (octets, width) = try tile(.hashes(level: level), index)
        let path = Tile(content: .hashes(level: level), index: index, width: width).path
        return try Tile.hashes(octets, width: width, path)
    }

    func entries(bundle index: UInt64) throws(EvidenceError) -> [[UInt8]] {
        let (octets, width) = try tile(.entries, index)
        let path = Tile(content: .entries, index: index, width: width).path
        return try Tile.entries(octets, width: width, path)
    }

    /// The octets of an entry.
    public func entry(_ index: UInt64) throws(EvidenceError) -> [UInt8] {
        guard index < size else { throw EvidenceError(.missingObject, in: "entry \(index)") }
        let entries = try entries(bundle: index / UInt64(Tile.width))
        let place = Int(index % UInt64(Tile.width))
        guard entries.indices.contains(place) else { throw EvidenceError(.truncated, in: "entry \(index)") }
        return entries[place]
    }

    /// Calls `body` with each entry from number `first` on; every bundle is read once.
    public func forEachEntry(from first: UInt64, _ body: (UInt64, [UInt8]) throws -> Void) throws {
        var index = first
        while index < size {
            let bundle = index / UInt64(Tile.width)
            let entries = try entries(bundle: bundle)
            let end = min(size, (bundle + 1) * UInt64(Tile.width))
            for number in index..<end {
                let place = Int(number % UInt64(Tile.width))
                guard entries.indices.contains(place) else { throw EvidenceError(.truncated, in: "entry \(number)") }
                try body(number, entries[place])
            }
            index = end
        }
    }

    /// The root.
    public func root() throws(EvidenceError) -> Digest { try root(ofFirst: size) }

    /// The root of the tree when it had `count` entries.
    public func root(ofFirst count: UInt64) throws(EvidenceError) -> Digest {
        guard count <= size else { throw EvidenceError(.proofInvalid, in: "tree of \(count) entries") }
        return count == 0 ? MerkleTree.emptyRoot : try hash(0, count)
    }

    /// The proof that entry `index` is in the tree (RFC 9162 §2.1.3.1), for ``MerkleProof``.
    public func inclusionProof(of index: UInt64) throws(EvidenceError) -> [Digest] {
        guard index < size else { throw EvidenceError(.proofInvalid, in: "entry \(index)") }
        var path: [Digest] = []
        var (start, count) = (UInt64(0), size)
        while count > 1 {
            let left = MerkleTree.split(count)
            if index < start + left {
                path.append(try hash(start + left, count - left))
                count = left
            } else {
                path.append(try hash(start, left))
                (start, count) = (start + left, count - left)
            }
        }
        return path.reversed()
    }

    /// The proof that the tree begins with its first `old` entries (RFC 9162 §2.1.4.1).
    public func consistencyProof(from old: UInt64) throws(EvidenceError) -> [Digest] {
        guard old <= size else { throw EvidenceError(.proofInvalid, in: "tree of \(old) entries") }
        guard old > 0, old < size else { return [] }
        var path: [Digest] = []
        var (start, count) = (UInt64(0), size)
        var whole = true
        while old - start != count {
            let left = MerkleTree.split(count)
            if old - start <= left {
                path.append(try hash(start + left, count - left))
                count = left
            } else {
                path.append(try hash(start, left))
                (start, count, whole) = (start + left, count - left, false)
            }
        }
        if !whole { path.append(try hash(start, count)) }
        return path.reversed()
    }

    /// The hash over `count` entries from `start`, which the tree's own splitting has reached.
    private func hash(_ start: UInt64, _ count: UInt64) throws(EvidenceError) -> Digest {
        if count & (count - 1) == 0 { return try subtree(start, count) }
        let left = MerkleTree.split(count)
        return MerkleTree.node(try hash(start, left), try hash(start + left, count - left))
    }

    /// The hash of a whole subtree of a power of two, out of one tile.
    private func subtree(_ start: UInt64, _ count: UInt64) throws(EvidenceError) -> Digest {
        let level = count.trailingZeroBitCount / 8
        let first = start >> UInt64(8 * level)
        let hashes = try hashes(level: level, first / UInt64(Tile.width))
        let place = Int(first % UInt64(Tile.width))
        let wanted = place..<place + Int(count >> UInt64(8 * level))
        guard wanted.upperBound <= hashes.count else { throw EvidenceError(.truncated, in: "tile of level \(level)") }
        return MerkleTree.root(hashes[wanted])
    }
}
