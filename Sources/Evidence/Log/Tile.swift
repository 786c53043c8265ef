/// The objects of a log in the C2SP format tlog-tiles: 256 hashes or entries each, the last ones fewer.
struct Tile: Hashable {
    enum Content: Hashable { case hashes(level: Int), entries }

    static let width = 256

    let content: Content
    let index: UInt64
    /// 1 to 256.
    let width: Int

    /// `tile/0/x001/234/067.p/12`.
    var path: String {
        let place =
            switch content {
            case .hashes(let level): "tile/\(level)/"
            case .entries: "tile/entries/"
            }
        var groups = [Tile.digits(index % 1000)]
        var rest = index / 1000
        while rest > 0 {
            groups.insert("x" + Tile.digits(rest % 1000), at: 0)
            rest /= 1000
        }
        return place + groups.joined(separator: "/") + (width < Tile.width ? ".p/\(width)" : "")
    }

    /// The tile of a path; nil for what is not exactly the path of one.
    init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0] == "tile" else { return nil }
        if parts[1] == "entries" {
            content = .entries
        } else {
            guard let level = Int(parts[1]), (0...7).contains(level) else { return nil }
            content = .hashes(level: level)
        }
        var groups = parts[2...]
        var width = Tile.width
        if let last = groups.dropLast().last, last.hasSuffix(".p") {
            guard let partial = groups.last.flatMap({ Int($0) }), (1..<Tile.width).contains(partial) else { return nil }
            width = partial
            groups = groups.dropLast(2) + [last.dropLast(2)]
        }
        var index: UInt64 = 0
        for group in groups {
            guard let number = UInt64(group.drop { $0 == "x" }), number < 1000, index < 1 << 50 else { return nil }
            index = index * 1000 + number
        }
        (self.index, self.width) = (index, width)
        guard self.path == path else { return nil }
    }

    init(content: Content, index: UInt64, width: Int) {
        (self.content, self.index, self.width) = (content, index, width)
    }

    /// The same tile once it is full.
    var full: Tile { Tile(content: content, index: index, width: Tile.width) }

    private static func digits(_ number: UInt64) -> String {
        let text = String(number)
        return String(repeating: "0", count: 3 - text.count) + text
    }

    static func hashes(_ octets: [UInt8], width: Int, _ structure: String) throws(EvidenceError) -> [Digest] {
        guard octets.count == width * Digest.length else {
            throw EvidenceError(.truncated, in: structure, at: min(octets.count, width * Digest.length))
        }
        return (0..<width).compactMap { Digest(octets[$0 * Digest.length..<($0 + 1) * Digest.length]) }
    }

    static func encoded(_ hashes: [Digest]) -> [UInt8] { hashes.flatMap(\.octets) }

    /// Entries with their lengths in two octets, big-endian.
    static func entries(_ octets: [UInt8], width: Int, _ structure: String) throws(EvidenceError) -> [[UInt8]] {
        var reader = ByteReader(octets, structure)
        var entries: [[UInt8]] = []
        for _ in 0..<width {
            let length = Int(try reader.u16().byteSwapped)
            entries.append([UInt8](try reader.take(length)))
        }
        try reader.finish()
        return entries
    }

    static func encoded(entry: [UInt8]) -> [UInt8] {
        [UInt8(truncatingIfNeeded: entry.count >> 8), UInt8(truncatingIfNeeded: entry.count)] + entry
    }
}
