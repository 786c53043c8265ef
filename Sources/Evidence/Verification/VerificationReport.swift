extension Int64 {
    /// The sum, or the greatest or least number instead of an overflow: an entry of the log may say anything.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }
}

/// What a verification proved, and what it found.
public struct VerificationReport: Sendable {
    /// Segments and records of one class.
    public struct ClassTotals: Sendable, Equatable {
        /// Segments that are there, and destroyed ones.
        public var live = 0, destroyed = 0
        /// Records in them.
        public var liveRecords: Int64 = 0, destroyedRecords: Int64 = 0
        /// Octets of the segments that are there.
        public var octets: Int64 = 0
        /// The earliest beginning and latest end of a live segment's period; the next moment of expiry.
        public var oldest: Int64?, newest: Int64?, nextExpiry: Int64?
    }

    /// The checkpoint that everything was checked against.
    public internal(set) var checkpoint: Checkpoint?
    /// Whose signatures it carries.
    public internal(set) var signatures: [SignedNote.Verified] = []
    /// Entries of the log by kind.
    public internal(set) var entries: [LogEntry.Kind: Int] = [:]
    /// By class.
    public internal(set) var classes: [String: ClassTotals] = [:]
    /// Checkpoints of witnesses and earlier ones that the log was found to contain.
    public internal(set) var consistentCheckpoints = 0
    /// The moment for which expiry was judged, in milliseconds since 1970 UTC.
    public let instant: Int64
    /// Everything found, in the order in which it was found; the first ``mostFindings``.
    public private(set) var findings: [Finding] = []
    /// How many findings were not kept.
    public private(set) var unlisted = 0

    /// How many findings a report lists.
    public static let mostFindings = 10_000

    init(instant: Int64) { self.instant = instant }

    /// Whether nothing of severity ``Finding/Severity/error`` was found.
    public var isSound: Bool { unlisted == 0 && !findings.contains { $0.severity == .error } }

    mutating func add(_ severity: Finding.Severity, _ code: Finding.Code, _ object: String, _ detail: String) {
        guard findings.count < VerificationReport.mostFindings else {
            unlisted += 1
            return
        }
        findings.append(Finding(severity: severity, code: code, object: object, detail: detail))
    }

    mutating func add(_ code: Finding.Code, _ object: String, _ detail: String) { add(.error, code, object, detail) }

    /// One sentence that an auditor can quote.
    public var statement: String {
        guard let checkpoint else { return "Nothing was proved: there is no valid checkpoint." }
        let errors = findings.filter { $0.severity == .error }.count + unlisted
        let live = classes.values.reduce((0, Int64(0))) { ($0.0 + $1.live, $0.1.addingClamped($1.liveRecords)) }
        let destroyed = classes.values.reduce(0) { $0 + $1.destroyed }
        let log = "the log \(checkpoint.origin) of \(checkpoint.size) entries with root \(checkpoint.root)"
        let scope = "\(log), \(live.0) segments with \(live.1) records, and the destruction of \(destroyed) segments"
        let moment = UTCTime.text(instant)
        guard errors == 0 else { return "Verification of \(scope) FAILED as of \(moment): \(errors) errors." }
        let witnesses = signatures.filter { $0.time != nil }.map(\.name).sorted().joined(separator: ", ")
        let gaps = findings.filter { $0.code == .gap }.count
        return """
            Verified as of \(moment): \(scope); every entry, tile, header and part has the hash that the log holds, \
            no record is kept beyond its term, \(gaps) gaps are declared, \
            cosigned by \(witnesses.isEmpty ? "nobody" : witnesses), \
            \(consistentCheckpoints) other checkpoints are consistent.
            """
    }
}
