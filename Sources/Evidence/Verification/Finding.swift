/// Something that a verification found, about one object.
public struct Finding: Sendable, Equatable, CustomStringConvertible {
    /// How much it weighs.
    public enum Severity: String, Sendable, Comparable {
        /// To know: a gap, a purge that is due.
        case notice
        /// To explain: something lawful that an auditor will ask about.
        case warning
        /// A proof failed, or the law is not kept.
        case error

        /// Notice, warning, error.
        public static func < (left: Severity, right: Severity) -> Bool { left.weight < right.weight }
        private var weight: Int { self == .notice ? 0 : self == .warning ? 1 : 2 }
    }

    /// What it is; `rawValue` is the name to count it under.
    public enum Code: String, Sendable, CaseIterable {
        // The log.
        case checkpointMissing, checkpointInvalid, checkpointUnsigned, cosignaturesMissing, signatureUnknown
        case rolledBack, forked, witnessInvalid
        case rootMismatch, tileMissing, tileDamaged, tileStray, entryDamaged, entryUnreadable, timeReversed
        // The segments.
        case segmentMissing, segmentDamaged, segmentDiffers, segmentUnlogged, segmentSealedTwice, segmentMisplaced
        // The law.
        case survivesDestruction, overRetained, destroyedEarly, destroyedTwice, destroyedUnknown, countDiffers
        case purgeDue, gap
        // The storage.
        case unreadable
    }

    /// How much it weighs.
    public let severity: Severity
    /// What it is.
    public let code: Code
    /// The object's name, or an entry's number.
    public let object: String
    /// What is wrong with it, and where: a structure, an octet.
    public let detail: String

    /// `error rolledBack: checkpoint: …`.
    public var description: String { "\(severity.rawValue) \(code.rawValue): \(object): \(detail)" }
}
