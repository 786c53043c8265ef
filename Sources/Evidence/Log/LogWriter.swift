/// The growing edge of a log: takes entries and yields the objects to store. A value: keep the copy from before until
/// the objects are durable.
///
/// Order of durability: entries and tiles of ``objects()`` first, then the signed checkpoint.
public struct LogWriter: Sendable {
    /// An object to store.
    public struct Object: Sendable, Equatable {
        /// `tile/0/000.p/3`.
        public let path: String
        /// Its octets.
        public let octets: [UInt8]
    }

    /// Entries so far.
    public private(set) var size: UInt64 = 0
    /// By level, the hashes of the tile that is not full yet.
    private var edge: [[Digest]] = []
    private var bundle: [UInt8] = []
    private var pending: [Object] = []

    /// An entry that a bundle can hold.
    public static let longestEntry = 65_535

    /// An empty log.
    public init() {}

    /// Goes on from the tree of a checkpoint, whose root the tiles must have.
    public init(resuming checkpoint: Checkpoint, read: @escaping LogTree.Read) throws(EvidenceError) {
        let tree = LogTree(size: checkpoint.size, read: read)
        size = checkpoint.size
        var (count, level) = (size, 0)
        while count > 0 {
            let width = Int(count % UInt64(Tile.width))
            edge.append(
                width == 0 ? [] : Array(try tree.hashes(level: level, count / UInt64(Tile.width)).prefix(width)))
            (count, level) = (count / UInt64(Tile.width), level + 1)
        }
        let width = Int(size % UInt64(Tile.width))
        if width > 0 {
            bundle = try tree.entries(bundle: size / UInt64(Tile.width)).prefix(width).flatMap(Tile.encoded(entry:))
        }
        guard root == checkpoint.root else { throw EvidenceError(.hashMismatch, in: "tree of \(size) entries") }
    }

    /// Adds an entry of at most 65 535 octets.
    /// - Returns: its number, counted from 0.
    @discardableResult
    public mutating func append(_ entry: [UInt8]) throws(EvidenceError) -> UInt64 {
        guard entry.count <= LogWriter.longestEntry else { throw EvidenceError(.limitExceeded, in: "entry of the log") }
        bundle += Tile.encoded(entry: entry)
        let index = size / UInt64(Tile.width)
        size += 1
        if size % UInt64(Tile.width) == 0 {
            let tile = Tile(content: .entries, index: index, width: Tile.width)
            pending.append(Object(path: tile.path, octets: bundle))
            bundle = []
        }
        add(MerkleTree.leaf(entry), level: 0)
        return size - 1
    }

    /// Adds the hash of an entry whose octets are not wanted: for rebuilding tiles.
    mutating func append(hash: Digest) {
        size += 1
        add(hash, level: 0)
    }

    private mutating func add(_ hash: Digest, level: Int) {
        if edge.count == level { edge.append([]) }
        edge[level].append(hash)
        guard edge[level].count == Tile.width else { return }
        let index = size >> UInt64(8 * (level + 1)) - 1
        let tile = Tile(content: .hashes(level: level), index: index, width: Tile.width)
        pending.append(Object(path: tile.path, octets: Tile.encoded(edge[level])))
        let above = MerkleTree.root(edge[level][...])
        edge[level] = []
        add(above, level: level + 1)
    }

    /// The root of the tree as it stands.
    public var root: Digest {
        var root: Digest?
        // From the smallest whole subtree to the greatest, each to the left of what came before.
        for hashes in edge {
            var rest = hashes[...]
            while !rest.isEmpty {
                let peak = 1 << rest.count.trailingZeroBitCount
                let left = MerkleTree.root(rest.suffix(peak))
                root = root.map { MerkleTree.node(left, $0) } ?? left
                rest = rest.dropLast(peak)
            }
        }
        return root ?? MerkleTree.emptyRoot
    }

    /// The tiles that became full since the last call.
    mutating func fullTiles() -> [Object] {
        defer { pending = [] }
        return pending
    }

    /// What must be stored before a checkpoint of this size is published: tiles that became full since the last call,
    /// and the partial ones of this size.
    public mutating func objects() -> [Object] {
        var objects = fullTiles()
        var count = size
        let place = { (content: Tile.Content, count: UInt64) in
            Tile(content: content, index: count / UInt64(Tile.width), width: Int(count % UInt64(Tile.width))).path
        }
        if size % UInt64(Tile.width) > 0 { objects.append(Object(path: place(.entries, size), octets: bundle)) }
        for (level, hashes) in edge.enumerated() {
            if !hashes.isEmpty {
                objects.append(Object(path: place(.hashes(level: level), count), octets: Tile.encoded(hashes)))
            }
            count /= UInt64(Tile.width)
        }
        return objects
    }
}
