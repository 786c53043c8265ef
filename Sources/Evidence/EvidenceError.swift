/// Why octets of the archive, a key or a proof were refused. Two errors are equal when their codes are; the text names
/// the structure and the octet, never what a record says and never a key.
public struct EvidenceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of reasons; `rawValue` is the name to count them under.
    public enum Code: String, Sendable, CaseIterable {
        // Octets.
        /// The octets end inside the structure.
        case truncated
        /// Octets are left after the structure.
        case trailingOctets
        /// A field holds a value that its type does not allow.
        case malformed
        /// A count, length or size above the format's limit.
        case limitExceeded
        /// A version, kind, suite or encoding that this reader does not know.
        case unsupported
        /// What two places say of the same thing differs.
        case inconsistent
        /// Records that are not in the order of their key.
        case unordered

        // Cryptography.
        /// A hash is not that of the octets it stands for.
        case hashMismatch
        /// An authenticated decryption failed: altered octets, or another key.
        case authenticationFailed
        /// The key does not open this segment.
        case wrongKey
        /// There is no wrapped key for this recipient.
        case notARecipient
        /// The two shares are not of one pair.
        case sharesDoNotPair
        /// A key file whose checksum, labels or length are wrong.
        case keyFileMalformed
        /// A signature does not verify.
        case signatureInvalid
        /// No signature of a known key.
        case unsigned
        /// A Merkle proof does not lead to the root.
        case proofInvalid
        /// The cryptographic library refused.
        case cryptography
        /// zstd refused to compress or to expand.
        case compression

        // Use.
        /// A segment is full, or an octet string does not fit.
        case full
        /// A segment without records.
        case empty
        /// What a caller hands over to read is not there.
        case missingObject
    }

    /// Which reason.
    public let code: Code
    /// The structure: `segment header`, `block 3`, `tile/0/000`.
    public let structure: String
    /// The octet, counted from 0 at the start of the structure, where that is known.
    public let offset: Int?

    /// A reason, the structure it is about, and the octet in it.
    public init(_ code: Code, in structure: String, at offset: Int? = nil) {
        (self.code, self.structure, self.offset) = (code, structure, offset)
    }

    /// `truncated in segment header at octet 20`, safe to log.
    public var description: String {
        let text = "\(code.rawValue) in \(structure)"
        return offset.map { "\(text) at octet \($0)" } ?? text
    }

    /// Equal when the codes are.
    public static func == (left: EvidenceError, right: EvidenceError) -> Bool { left.code == right.code }

    /// Follows equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
