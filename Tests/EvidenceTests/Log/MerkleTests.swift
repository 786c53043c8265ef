import Testing

@testable import Evidence

/// The tree of eight leaves with which Certificate Transparency's implementations test RFC 6962: leaves, subtrees and
/// roots from `testonly/constants.go` of github.com/transparency-dev/merkle; proofs from its `proof/verify_test.go`.
enum EightLeaves {
    static let leaves = [
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    ]
    static let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    static let nodes = [
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
            "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
            "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
            "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
        ],
        [
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        ],
        [
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ]

    static func digest(_ text: String) throws -> Digest {
        try #require(Hexadecimal.octets(text).flatMap { Digest($0) })
    }
    static func node(_ place: (Int, Int)) throws -> Digest { try digest(nodes[place.0][place.1]) }
}

/// A log in memory.
final class MemoryLog {
    var writer = LogWriter()
    private(set) var objects: [String: [UInt8]] = [:]

    func append(_ entries: [[UInt8]]) throws {
        for entry in entries { try writer.append(entry) }
        for object in writer.objects() { objects[object.path] = object.octets }
    }

    func replace(_ path: String, _ octets: [UInt8]?) { objects[path] = octets }

    var tree: LogTree { LogTree(size: writer.size) { [objects] in objects[$0] } }
}

@Suite struct MerkleTests {
    private func eight(_ size: Int) throws -> MemoryLog {
        let log = MemoryLog()
        try log.append(EightLeaves.leaves.prefix(size).compactMap { Hexadecimal.octets($0) })
        return log
    }

    @Test(arguments: 0...8)
    func `roots are those of the published tree`(size: Int) throws {
        let log = try eight(size)
        #expect(log.writer.root.description == EightLeaves.roots[size])
        #expect(try log.tree.root().description == EightLeaves.roots[size])
        let whole = try eight(8).tree
        #expect(try whole.root(ofFirst: UInt64(size)).description == EightLeaves.roots[size])
    }

    @Test(arguments: [
        (0, 8, [(0, 1), (1, 1), (2, 1)]), (5, 8, [(0, 4), (1, 3), (2, 0)]), (2, 3, [(1, 0)]),
        (1, 5, [(0, 0), (1, 1), (0, 4)]), (0, 1, []),
    ])
    func `inclusion proofs are the published ones`(index: UInt64, size: Int, path: [(Int, Int)]) throws {
        let proof = try path.map(EightLeaves.node)
        #expect(try eight(size).tree.inclusionProof(of: index) == proof)
        try MerkleProof.checkInclusion(
            of: EightLeaves.node((0, Int(index))), at: index, size: UInt64(size),
            root: EightLeaves.digest(EightLeaves.roots[size]), proof: proof)
    }

    @Test(arguments: [
        (1, 8, [(0, 1), (1, 1), (2, 1)]), (6, 8, [(1, 2), (1, 3), (2, 0)]), (2, 5, [(1, 1), (0, 4)]), (8, 8, []),
    ])
    func `consistency proofs are the published ones`(old: Int, size: Int, path: [(Int, Int)]) throws {
        let proof = try path.map(EightLeaves.node)
        #expect(try eight(size).tree.consistencyProof(from: UInt64(old)) == proof)
        try MerkleProof.checkConsistency(
            from: UInt64(old), root: EightLeaves.digest(EightLeaves.roots[old]), to: UInt64(size),
            root: EightLeaves.digest(EightLeaves.roots[size]), proof: proof)
    }

    /// The definition of RFC 6962 §2.1, with nothing remembered.
    private func root(_ hashes: ArraySlice<Digest>) -> Digest { MerkleTree.root(hashes) }

    @Test func `every proof of logs over several tiles verifies, and fails for any other place, root or hash`() throws {
        let entries = (0..<1100).map { [UInt8]("entry \($0)".utf8) }
        let hashes = entries.map(MerkleTree.leaf)
        for size in [255, 256, 257, 511, 600, 1100] {
            let log = MemoryLog()
            try log.append(Array(entries.prefix(size)))
            let tree = log.tree
            let root = try tree.root()
            #expect(root == self.root(hashes.prefix(size)))
            for index in stride(from: 0, to: size, by: 37) {
                let proof = try tree.inclusionProof(of: UInt64(index))
                let check = { (leaf: Digest, place: Int, root: Digest, proof: [Digest]) in
                    try MerkleProof.checkInclusion(
                        of: leaf, at: UInt64(place), size: UInt64(size), root: root, proof: proof)
                }
                try check(hashes[index], index, root, proof)
                let fault = EvidenceError(.proofInvalid, in: "")
                #expect(throws: fault) { try check(hashes[index], (index + 1) % size, root, proof) }
                #expect(throws: fault) { try check(hashes[(index + 1) % size], index, root, proof) }
                #expect(throws: fault) { try check(hashes[index], index, hashes[0], proof) }
                #expect(throws: fault) { try check(hashes[index], index, root, proof.dropLast()) }
                #expect(throws: fault) { try check(hashes[index], index, root, proof + [root]) }
                #expect(try tree.entry(UInt64(index)) == entries[index])
            }
            for old in stride(from: 1, through: size, by: 41) {
                let oldRoot = self.root(hashes.prefix(old))
                let proof = try tree.consistencyProof(from: UInt64(old))
                let check = { (oldRoot: Digest, root: Digest, proof: [Digest]) in
                    try MerkleProof.checkConsistency(
                        from: UInt64(old), root: oldRoot, to: UInt64(size), root: root, proof: proof)
                }
                try check(oldRoot, root, proof)
                #expect(throws: EvidenceError(.proofInvalid, in: "")) { try check(hashes[7], root, proof) }
                #expect(throws: EvidenceError(.proofInvalid, in: "")) { try check(oldRoot, hashes[7], proof) }
                #expect(throws: EvidenceError(.proofInvalid, in: "")) { try check(oldRoot, root, proof + [root]) }
            }
        }
    }

    @Test func `proofs for sizes and places that cannot be are refused`() throws {
        let tree = try eight(5).tree
        #expect(throws: EvidenceError(.proofInvalid, in: "")) { try tree.inclusionProof(of: 5) }
        #expect(throws: EvidenceError(.proofInvalid, in: "")) { try tree.consistencyProof(from: 6) }
        let root = try tree.root()
        #expect(throws: EvidenceError(.proofInvalid, in: "")) {
            try MerkleProof.checkInclusion(of: root, at: 0, size: 0, root: root, proof: [])
        }
        #expect(throws: EvidenceError(.proofInvalid, in: "")) {
            try MerkleProof.checkConsistency(from: 5, root: root, to: 4, root: root, proof: [])
        }
        let long = [Digest](repeating: root, count: 65)
        #expect(throws: EvidenceError(.proofInvalid, in: "")) {
            try MerkleProof.checkInclusion(of: root, at: 0, size: .max, root: root, proof: long)
        }
    }
}
