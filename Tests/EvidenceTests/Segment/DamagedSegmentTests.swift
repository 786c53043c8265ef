import Testing

@testable import Evidence

/// Every kind of damage is an error that names the structure; none is a trap.
@Suite struct DamagedSegmentTests {
    let segment: SealedSegment

    init() throws {
        segment = try Samples.builder(.destinations, 9000).seal(Samples.label(), to: Samples.recipients())
    }

    /// What is found wrong with these octets, against the seal: by the structure's name; nil for nothing.
    private func fault(_ octets: [UInt8]) -> EvidenceError? {
        do throws(EvidenceError) {
            let file = try SegmentFile(SegmentSource(octets))
            guard file.seal.headerHash == segment.seal.headerHash else {
                return EvidenceError(.hashMismatch, in: "header")
            }
            guard file.seal.directoryHash == segment.seal.directoryHash else {
                return EvidenceError(.hashMismatch, in: "directory")
            }
            for part in 0..<file.header.parts { _ = try file.part(part) }
            return nil
        } catch { return error }
    }

    @Test func `a flipped bit anywhere is found, and in a part the part is named`() throws {
        #expect(fault(segment.octets) == nil)
        let file = try SegmentFile(SegmentSource(segment.octets))
        let body = file.partRange(0).lowerBound
        let places = Array(0..<body) + Array(stride(from: body, to: segment.octets.count, by: 211))
        for place in places {
            var octets = segment.octets
            octets[place] ^= 1 << UInt8(place % 8)
            let found = try #require(fault(octets), "octet \(place)")
            guard place >= body else { continue }
            let part = try #require((0..<file.header.parts).first { file.partRange($0).contains(place) })
            #expect(found.structure == file.partName(part))
        }
    }

    @Test func `a segment cut anywhere is truncated, and one octet more is too many`() throws {
        for length in Array(0..<2000) + [segment.octets.count / 2, segment.octets.count - 1] {
            #expect(fault(Array(segment.octets.prefix(length))) != nil, "\(length) octets")
        }
        #expect(fault(segment.octets + [0])?.code == .trailingOctets)
    }

    @Test func `parts that change places do not open, even when the directory follows`() throws {
        let file = try SegmentFile(SegmentSource(segment.octets))
        let (first, second) = (file.partRange(0), file.partRange(1))
        let key = try DataKey(auditor: #require(try file.shares(of: Samples.auditor).first))
        let partKey = key.partKey(file.header.label.id)
        let moved = Array(segment.octets[second])
        #expect(throws: EvidenceError(.authenticationFailed, in: "")) {
            try SegmentPart(number: 0, of: file.header).open(moved, partKey, file.seal.headerHash, "block 0")
        }
        let whole = Array(segment.octets[first])
        #expect(throws: EvidenceError(.authenticationFailed, in: "")) {
            try SegmentPart(number: 0, of: file.header).open(whole, partKey, Digest(of: []), "block 0")
        }
    }

    @Test(arguments: 0..<20)
    func `random damage to header and directory never traps`(seed: UInt64) throws {
        var random = GeneratedOctets(seed: seed)
        for _ in 0..<500 {
            var octets = Array(segment.octets.prefix(2500))
            for _ in 0..<Int(random.next() % 8 + 1) {
                octets[Int(random.next() % UInt64(octets.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            #expect(fault(octets) != nil)
        }
    }

    @Test(arguments: 0..<20)
    func `random damage inside a block, which only a holder of the key can make, never traps`(seed: UInt64) throws {
        let reader = try Samples.open(segment)
        let plain = try #require(try? blockOctets(reader))
        var random = GeneratedOctets(seed: seed)
        var refused = 0
        for _ in 0..<40 {
            var octets = plain
            for _ in 0..<Int(random.next() % 4 + 1) {
                octets[Int(random.next() % UInt64(octets.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.next() % 4 == 0 { octets.removeLast(Int(random.next() % UInt64(octets.count))) }
            do throws(EvidenceError) {
                let block = try BlockDecoder(octets, .destinations, count: 4096, "block")
                _ = try block.records(entry: reader.destination)
            } catch { refused += 1 }
        }
        #expect(refused > 0)
    }

    private func blockOctets(_ reader: SegmentReader) throws -> [UInt8] {
        let file = reader.file
        let key = try DataKey(auditor: #require(try file.shares(of: Samples.auditor).first))
        let sealed = try file.part(1)
        let frame = try SegmentPart(number: 1, of: file.header)
            .open(sealed, key.partKey(file.header.label.id), file.seal.headerHash, "block 1")
        return try BlockExpander.expand(frame, limit: 1 << 24, "block 1")
    }

    @Test func `a frame that announces more than the limit is refused before it is expanded`() throws {
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        let output = OctetBuffer(capacity: 64)
        try zeros.withUnsafeBytes { try BlockCompressor().compress($0, cuts: [], to: output) }
        let frame = Array(output.octets)
        #expect(frame.count < 200)
        #expect(try BlockExpander.expand(frame, limit: 1 << 20, "bomb").count == 1 << 20)
        #expect(throws: EvidenceError(.limitExceeded, in: "")) {
            try BlockExpander.expand(frame, limit: 1 << 20 - 1, "bomb")
        }
        #expect(throws: EvidenceError(.compression, in: "")) { try BlockExpander.expand([1, 2, 3], limit: 9, "noise") }
        #expect(throws: EvidenceError(.compression, in: "")) {
            try BlockExpander.expand(Array(frame.dropLast()), limit: 1 << 20, "cut")
        }
    }

    @Test func `counts above the limits are refused in the header`() throws {
        let header = segment.header
        for (records, blocks, pages, body) in [
            (SegmentLimits.records + 1, 1, 0, 10), (5, 0, 0, 10), (1, 2, 0, 10), (5, 1, SegmentLimits.parts, 10),
            (5, SegmentLimits.parts + 1, 0, 10), (5, 1, 0, SegmentLimits.segment + 1),
        ] {
            let hostile = SegmentHeader(
                label: header.label, kind: header.kind, records: records, blocks: blocks, pages: pages,
                bodyLength: body,
                commitment: header.commitment, wrappedKeys: header.wrappedKeys)
            let octets = try hostile.encoded()
            #expect(throws: EvidenceError(.limitExceeded, in: "")) { try SegmentHeader(octets) }
        }
    }

    @Test func `an index whose blocks overlap or miscount is refused`() throws {
        let index = try Samples.open(segment).index
        var (swapped, short) = (index, index)
        swapped.blocks.swapAt(0, 1)
        short.blocks[0].count -= 1
        #expect(throws: EvidenceError(.unordered, in: "")) { try SegmentIndex(swapped.encoded(), segment.header) }
        #expect(throws: EvidenceError(.inconsistent, in: "")) { try SegmentIndex(short.encoded(), segment.header) }
        #expect(throws: EvidenceError(.trailingOctets, in: "")) {
            try SegmentIndex(index.encoded() + [0], segment.header)
        }
    }
}

/// Numbers that a seed repeats.
struct GeneratedOctets: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
