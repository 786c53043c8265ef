/// Where the octets of a segment come from: memory, a file, an object store.
public struct SegmentSource: Sendable {
    /// Octets of the object.
    public let size: Int
    private let fetch: @Sendable (Range<Int>) throws -> [UInt8]

    /// `read` gives exactly the octets of a range within `0..<size`, or throws.
    public init(size: Int, read: @escaping @Sendable (Range<Int>) throws -> [UInt8]) {
        (self.size, fetch) = (size, read)
    }

    /// Octets in memory.
    public init(_ octets: [UInt8]) {
        self.init(size: octets.count) { Array(octets[$0]) }
    }

    func read(_ range: Range<Int>, _ structure: String) throws(EvidenceError) -> [UInt8] {
        guard range.lowerBound >= 0, range.upperBound <= size else {
            throw EvidenceError(.truncated, in: structure, at: max(0, size - range.lowerBound))
        }
        let octets: [UInt8]
        do { octets = try fetch(range) } catch { throw EvidenceError(.missingObject, in: structure) }
        guard octets.count == range.count else { throw EvidenceError(.truncated, in: structure, at: octets.count) }
        return octets
    }
}
