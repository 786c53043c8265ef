/// Distinct octet strings, numbered from 1 in the order of arrival; 0 is the empty one.
///
/// The hash is keyed with a number that the outside does not know, since strings such as MAC addresses and session
/// names come from the network.
struct Interner {
    private(set) var octets: [UInt8] = []
    /// Where each string ends; it starts where the one before ends.
    private var ends: [Int] = [0]
    private var hashes: [UInt64] = [0]
    private var slots = [UInt32](repeating: 0, count: 1024)
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    var count: Int { ends.count }

    func range(_ index: Int) -> Range<Int> { index == 0 ? 0..<0 : ends[index - 1]..<ends[index] }

    func text(_ index: Int) -> ArraySlice<UInt8> { octets[range(index)] }

    mutating func intern(_ text: UnsafeRawBufferPointer) throws(EvidenceError) -> Token {
        if text.isEmpty { return .none }
        guard text.count <= SegmentLimits.text, octets.count + text.count <= SegmentLimits.texts else {
            throw EvidenceError(.full, in: "octet strings of a segment")
        }
        let hash = hash(text)
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let index = Int(slots[slot])
            if hashes[index] == hash, equal(index, text) { return Token(index: UInt32(index)) }
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = UInt32(ends.count)
        octets.append(contentsOf: text)
        ends.append(octets.count)
        hashes.append(hash)
        if ends.count * 2 > slots.count { rehash() }
        return Token(index: UInt32(ends.count - 1))
    }

    private func equal(_ index: Int, _ text: UnsafeRawBufferPointer) -> Bool {
        let range = range(index)
        guard range.count == text.count else { return false }
        return octets.withUnsafeBytes { held in
            UnsafeRawBufferPointer(rebasing: held[range]).elementsEqual(text)
        }
    }

    private mutating func rehash() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for index in 1..<ends.count {
            var slot = Int(truncatingIfNeeded: hashes[index]) & (slots.count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = UInt32(index)
        }
    }

    private func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
        var hash = seed ^ UInt64(text.count)
        var offset = 0
        while offset + 8 <= text.count {
            hash = Mixing.fold(hash ^ text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < text.count {
            rest = rest << 8 | UInt64(text[offset])
            offset += 1
        }
        return Mixing.fold(hash ^ rest ^ 0x9e37_79b9_7f4a_7c15)
    }
}

/// The step of the keyed hashes of this module's tables: a 128-bit product folded in two.
enum Mixing {
    @inline(__always)
    static func fold(_ value: UInt64) -> UInt64 {
        let product = (value ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: 0xe703_7ed1_a0b4_28db)
        return product.high ^ product.low
    }
}
