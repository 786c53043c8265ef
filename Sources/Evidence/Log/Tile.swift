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
