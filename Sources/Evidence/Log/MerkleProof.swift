/// Proofs checked (RFC 9162 §2.1.3.2 and §2.1.4.2), with nothing but hashes.
public enum MerkleProof {
    /// Hashes of a proof that can be: one for each level of the greatest tree.
    static let longest = 64

    /// Checks that the entry number `index` of the tree of `size` entries with this root has this leaf hash.
    public static func checkInclusion(
        of leaf: Digest, at index: UInt64, size: UInt64, root: Digest, proof: [Digest]
    ) throws(EvidenceError) {
        let fault = EvidenceError(.proofInvalid, in: "inclusion proof")
        guard index < size, proof.count <= longest else { throw fault }
        var (node, last, hash) = (index, size - 1, leaf)
        for sibling in proof {
            guard last != 0 else { throw fault }
            if node & 1 == 1 || node == last {
                hash = MerkleTree.node(sibling, hash)
                while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                hash = MerkleTree.node(hash, sibling)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        guard last == 0, hash == root else { throw fault }
    }

    /// The same of an entry's octets.
    public static func checkInclusion(
        of entry: [UInt8], at index: UInt64, size: UInt64, root: Digest, proof: [Digest]
    ) throws(EvidenceError) {
        try checkInclusion(of: MerkleTree.leaf(entry), at: index, size: size, root: root, proof: proof)
    }

    /// Checks that the tree of `newSize` entries begins with the tree of `oldSize` entries.
    public static func checkConsistency(
        from oldSize: UInt64, root oldRoot: Digest, to newSize: UInt64, root newRoot: Digest, proof: [Digest]
    ) throws(EvidenceError) {
        let fault = EvidenceError(.proofInvalid, in: "consistency proof")
        guard oldSize <= newSize, proof.count <= longest else { throw fault }
        if oldSize == newSize || oldSize == 0 {
            guard proof.isEmpty, oldSize == 0 ? oldRoot == MerkleTree.emptyRoot : oldRoot == newRoot else {
                throw fault
            }
            return
        }
        // Where the old tree is one whole subtree, its root is the first hash and the proof leaves it out.
        let path = oldSize & (oldSize - 1) == 0 ? [oldRoot] + proof : proof
        guard let seed = path.first else { throw fault }
        var (node, last) = (oldSize - 1, newSize - 1)
        while node & 1 == 1 { (node, last) = (node >> 1, last >> 1) }
        var (old, new) = (seed, seed)
        for sibling in path.dropFirst() {
            guard last != 0 else { throw fault }
            if node & 1 == 1 || node == last {
                (old, new) = (MerkleTree.node(sibling, old), MerkleTree.node(sibling, new))
                while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
            } else {
                new = MerkleTree.node(new, sibling)
            }
            (node, last) = (node >> 1, last >> 1)
        }
        guard last == 0, old == oldRoot, new == newRoot else { throw fault }
    }
}
