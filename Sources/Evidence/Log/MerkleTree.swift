/// Hashes of a Merkle tree over entries (RFC 6962 §2.1, RFC 9162 §2.1).
enum MerkleTree {
    /// The root of no entries.
    static let emptyRoot = Digest(of: [])

    /// SHA-256 of 0 and the entry.
    static func leaf(_ entry: [UInt8]) -> Digest { Digest.of([0], entry[...]) }

    /// SHA-256 of 1 and the two hashes.
    static func node(_ left: Digest, _ right: Digest) -> Digest { Digest.of([1], left.octets[...], right.octets[...]) }

    /// The greatest power of two below `count`, which is above 1.
    static func split(_ count: UInt64) -> UInt64 { 1 << UInt64(63 - (count - 1).leadingZeroBitCount) }

    /// The hash over `hashes`, each of a subtree of equal size; at least one.
    static func root(_ hashes: ArraySlice<Digest>) -> Digest {
        guard hashes.count > 1 else { return hashes.first ?? emptyRoot }
        let middle = hashes.startIndex + Int(split(UInt64(hashes.count)))
        return node(root(hashes[..<middle]), root(hashes[middle...]))
    }
}
