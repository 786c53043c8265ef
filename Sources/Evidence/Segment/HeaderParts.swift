// What the headers of segments and of journals have in common, so that neither reads or writes it in a way of its own.

extension SegmentLabel {
    /// A class is part of an object's name: 1 to 32 ASCII letters, digits, hyphens and underscores.
    func checkClass(_ structure: String) throws(EvidenceError) {
        let isName = recordClass.utf8.allSatisfy { octet in
            switch octet {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isName, (1...32).contains(recordClass.utf8.count) else {
            throw EvidenceError(.malformed, in: "\(structure), class")
        }
    }
}

extension KeyContext {
    init(_ label: SegmentLabel, kind: UInt16, commitment: Digest) {
        self.init(
            segment: label.id, kind: kind, period: label.period, recordClass: label.recordClass, tenant: label.tenant,
            commitment: commitment)
    }
}

extension [UInt8] {
    /// Magic, version, room for the header's length, id, kind, suite and the label's four times.
    init(headerOf label: SegmentLabel, kind: UInt16, magic: [UInt8], version: UInt16, _ structure: String)
        throws(EvidenceError)
    {
        try label.checkClass(structure)
        self = magic
        put(version)
        put(UInt32(0))
        self += label.id.octets
        put(kind)
        append(SegmentHeader.suite)
        for time in [label.period.lowerBound, label.period.upperBound, label.sealedAt, label.expiresAt] { put(time) }
    }

    /// The commitment, the label's texts and the wrapped keys; and, now that it is known, the length at octet 10.
    mutating func endHeader(
        _ label: SegmentLabel, _ commitment: Digest, _ wrappedKeys: [WrappedKey], _ structure: String
    ) throws(EvidenceError) {
        self += commitment.octets
        for text in [label.recordClass, label.tenant, label.policy, label.basis] { try put(text: text, structure) }
        append(UInt8(wrappedKeys.count))
        for key in wrappedKeys { try key.write(to: &self) }
        var length: [UInt8] = []
        length.put(UInt32(count))
        replaceSubrange(10..<14, with: length)
    }
}

/// What stands before the fields that only one kind of header has.
struct HeaderFront {
    let id: SegmentID
    let kind: UInt16
    let period: Range<Int64>
    let sealedAt: Int64
    let expiresAt: Int64
}

/// What stands after them.
struct HeaderEnd {
    let label: SegmentLabel
    let commitment: Digest
    let wrappedKeys: [WrappedKey]
}

extension ByteReader {
    /// The length that a header announces in its first 14 octets.
    mutating func headerLength(magic: [UInt8], version: UInt16) throws(EvidenceError) -> Int {
        guard try take(8).elementsEqual(magic) else { throw EvidenceError(.malformed, in: structure, at: 0) }
        guard try u16() == version else { throw EvidenceError(.unsupported, in: structure, at: 8) }
        let length = try count(upTo: SegmentLimits.header)
        guard length > 14 else { throw EvidenceError(.malformed, in: structure, at: 10) }
        return length
    }

    mutating func headerFront() throws(EvidenceError) -> HeaderFront {
        let id = SegmentID(try take(16))
        let kind = try u16()
        guard let id, Schema.withID(kind) != nil, try u8() == SegmentHeader.suite else { throw fault(.unsupported) }
        let (from, to, sealedAt, expiresAt) = (try i64(), try i64(), try i64(), try i64())
        guard from <= to else { throw fault(.malformed) }
        return HeaderFront(id: id, kind: kind, period: from..<to, sealedAt: sealedAt, expiresAt: expiresAt)
    }

    /// To the end of the header, which must be the end of the octets.
    mutating func headerEnd(_ front: HeaderFront) throws(EvidenceError) -> HeaderEnd {
        guard let commitment = Digest(try take(Digest.length)) else { throw fault(.truncated) }
        let label = SegmentLabel(
            id: front.id, recordClass: try text(), tenant: try text(), period: front.period, sealedAt: front.sealedAt,
            expiresAt: front.expiresAt, policy: try text(), basis: try text())
        let count = Int(try u8())
        guard count <= SegmentLimits.wrappedKeys else { throw fault(.limitExceeded) }
        var keys: [WrappedKey] = []
        for _ in 0..<count { keys.append(try WrappedKey(&self)) }
        try finish()
        try label.checkClass(structure)
        return HeaderEnd(label: label, commitment: commitment, wrappedKeys: keys)
    }
}
