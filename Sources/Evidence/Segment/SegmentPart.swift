internal import Crypto
internal import FoundationEssentials

/// How a part is encrypted: AES-256-GCM under the segment's part key, the part's number as nonce, and what it is as
/// additional data.
struct SegmentPart {
    enum Kind: UInt8 { case block = 1, page = 2, index = 3 }

    static let tagLength = 16

    let kind: Kind
    let number: Int

    init(number: Int, of header: SegmentHeader) {
        self.number = number
        kind = number < header.blocks ? .block : number < header.blocks + header.pages ? .page : .index
    }

    /// `block 3`, `dictionary page 0`, `index`.
    func name(_ header: SegmentHeader) -> String {
        switch kind {
        case .block: "block \(number)"
        case .page: "dictionary page \(number - header.blocks)"
        case .index: "index"
        }
    }

    /// Four octets of zero and the number in eight: no key ever sees a number twice, since a key has one segment.
    private var nonce: AES.GCM.Nonce {
        get throws {
            var octets: [UInt8] = [0, 0, 0, 0]
            octets.put(UInt64(number))
            return try AES.GCM.Nonce(data: octets)
        }
    }

    private func additional(_ headerHash: Digest) -> [UInt8] {
        var octets = [UInt8]("socle-segment-1 part\n".utf8)
        octets += headerHash.octets
        octets.append(kind.rawValue)
        octets.put(UInt32(number))
        return octets
    }

    func seal(_ plain: UnsafeRawBufferPointer, _ key: SymmetricKey, _ headerHash: Digest, to octets: inout [UInt8])
        throws(EvidenceError)
    {
        do {
            let box = try AES.GCM.seal(plain, using: key, nonce: try nonce, authenticating: additional(headerHash))
            octets.append(contentsOf: box.ciphertext)
            octets.append(contentsOf: box.tag)
        } catch { throw EvidenceError(.cryptography, in: "part \(number)") }
    }

    func open(_ sealed: [UInt8], _ key: SymmetricKey, _ headerHash: Digest, _ structure: String) throws(EvidenceError)
        -> [UInt8]
    {
        guard sealed.count > SegmentPart.tagLength else { throw EvidenceError(.truncated, in: structure) }
        let split = sealed.count - SegmentPart.tagLength
        do {
            let box = try AES.GCM.SealedBox(nonce: try nonce, ciphertext: sealed[..<split], tag: sealed[split...])
            return [UInt8](try AES.GCM.open(box, using: key, authenticating: additional(headerHash)))
        } catch { throw EvidenceError(.authenticationFailed, in: structure) }
    }
}
