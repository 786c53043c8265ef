/// What one holder's key opens of a segment: the whole data key for the auditor, one of two halves for an officer.
/// Secret; an officer hands it to whoever puts the two together, for this segment alone.
public struct KeyShare: Sendable, Equatable, CustomStringConvertible {
    /// For which segment.
    public let segment: SegmentID
    /// Of whom.
    public let role: KeyRole
    /// Which pair of officers, 1 to 3; 0 for the auditor.
    public let pair: UInt8
    /// Whose key opened it.
    public let holder: KeyID
    let octets: [UInt8]

    /// The share in 58 octets: segment, role, pair, holder, share.
    public var encoded: [UInt8] { segment.octets + [role.code, pair] + holder.octets + octets }

    /// Reads ``encoded``.
    public init(_ encoded: [UInt8]) throws(EvidenceError) {
        var reader = ByteReader(encoded, "key share")
        guard let segment = SegmentID(try reader.take(16)), let role = KeyRole(code: try reader.u8()) else {
            throw reader.fault(.malformed)
        }
        (self.segment, self.role, pair) = (segment, role, try reader.u8())
        holder = KeyID(try reader.take(8))
        octets = [UInt8](try reader.take(DataKey.length))
        try reader.finish()
    }

    init(segment: SegmentID, role: KeyRole, pair: UInt8, holder: KeyID, octets: [UInt8]) {
        (self.segment, self.role, self.pair, self.holder, self.octets) = (segment, role, pair, holder, octets)
    }

    /// Whose and for what, never the share.
    public var description: String { "share \(pair) of \(holder) for \(segment)" }
}

extension DataKey {
    /// The auditor's share is the key.
    public init(auditor share: KeyShare) throws(EvidenceError) {
        guard share.role == .auditor, let key = DataKey(share.octets) else {
            throw EvidenceError(.sharesDoNotPair, in: "key share")
        }
        self = key
    }

    /// Puts the shares of two officers together.
    public init(_ first: [KeyShare], _ second: [KeyShare]) throws(EvidenceError) {
        for one in first where one.role == .officer {
            for other in second
            where other.role == .officer && one.pair == other.pair && one.segment == other.segment
                && one.holder != other.holder
            {
                if let key = DataKey(zip(one.octets, other.octets).map { $0 ^ $1 }) {
                    self = key
                    return
                }
            }
        }
        throw EvidenceError(.sharesDoNotPair, in: "key shares")
    }
}

extension KeyShare {
    /// The shares that `key` opens among the wrapped keys of a header.
    static func all(
        of key: ArchiveKey, _ wrappedKeys: [WrappedKey], _ context: KeyContext, _ structure: String
    ) throws(EvidenceError) -> [KeyShare] {
        let mine = wrappedKeys.filter { $0.keyID == key.recipient.id && $0.role == key.recipient.role }
        guard !mine.isEmpty else { throw EvidenceError(.notARecipient, in: structure) }
        var shares: [KeyShare] = []
        for wrapped in mine {
            let octets = try wrapped.open(key, context)
            shares.append(
                KeyShare(
                    segment: context.segment, role: wrapped.role, pair: wrapped.pair, holder: wrapped.keyID,
                    octets: octets))
        }
        return shares
    }
}
