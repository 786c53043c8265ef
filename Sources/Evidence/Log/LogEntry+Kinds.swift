extension LogEntry {
    /// What an entry is about. All times are milliseconds since 1970 UTC; `time` is when the entry was made.
    public enum Kind: String, Sendable, CaseIterable {
        /// A segment was sealed.
        case sealed = "SEALED"
        /// A journal that a crash had left was taken into the archive as it is.
        case journal = "JOURNAL"
        /// A segment and its wrapped keys were destroyed.
        case destroyed = "DESTROYED"
        /// A source said nothing, or less than it should have.
        case gap = "GAP"
        /// A retention policy came into force.
        case policy = "POLICY"
        /// A hold was placed or ended.
        case hold = "HOLD"
        /// Somebody opened records.
        case access = "ACCESS"
        /// An injunction to keep traffic data was entered or withdrawn.
        case injunction = "INJUNCTION"
        /// A key tree has these recipients from now on.
        case keys = "KEYS"
        /// A source was declared, changed or removed.
        case source = "SOURCE"
        /// A source's clock was measured.
        case clock = "CLOCK"
        /// A time-stamp token (RFC 3161) was obtained for a checkpoint.
        case timestamp = "TIMESTAMP"
        /// Something else that an auditor should see: a start, a stop, a full disk.
        case event = "EVENT"

        /// The fields in their order.
        public var fields: [(name: String, form: Form)] { [("time", .number)] + particulars }

        private var particulars: [(name: String, form: Form)] {
            switch self {
            case .sealed, .journal:
                [
                    ("segment", .segment), ("class", .text), ("tenant", .text), ("kind", .number), ("from", .number),
                    ("until", .number), ("records", .number), ("length", .number), ("expires", .number),
                    ("policy", .text), ("basis", .text), ("header", .digest), ("directory", .digest),
                ]
            case .destroyed:
                [
                    ("segment", .segment), ("class", .text), ("tenant", .text), ("records", .number), ("reason", .text),
                    ("policy", .text), ("visa", .text), ("certificate", .optionalDigest),
                ]
            case .gap:
                [
                    ("source", .text), ("from", .number), ("until", .number), ("cause", .text),
                    ("lost", .optionalNumber),
                ]
            case .policy: [("version", .text), ("document", .digest), ("proposer", .text), ("approver", .text)]
            case .hold:
                [
                    ("hold", .text), ("action", .text), ("segment", .optionalSegment), ("vault", .optionalSegment),
                    ("authority", .text), ("reference", .text), ("until", .optionalNumber),
                ]
            case .access:
                [
                    ("request", .text), ("actor", .text), ("second", .text), ("reason", .text), ("reference", .text),
                    ("class", .text), ("answer", .text), ("segments", .number), ("manifest", .optionalDigest),
                ]
            case .injunction:
                [
                    ("reference", .text), ("action", .text), ("class", .text), ("from", .number), ("until", .number),
                    ("approver", .text),
                ]
            case .keys:
                [
                    ("tree", .text), ("auditor", .text), ("officer1", .text), ("officer2", .text), ("officer3", .text),
                ]
            case .source: [("source", .text), ("action", .text), ("site", .text), ("parser", .text)]
            case .clock: [("source", .text), ("offset", .number), ("tolerance", .number)]
            case .timestamp: [("size", .number), ("checkpoint", .digest), ("token", .digest)]
            case .event: [("subject", .text), ("detail", .text)]
            }
        }
    }

    /// That a segment was sealed, with all that its header says in the clear.
    public static func sealed(_ segment: SealedSegment) throws(EvidenceError) -> LogEntry {
        try sealed(segment.header, segment.seal)
    }

    static func sealed(_ header: SegmentHeader, _ seal: SegmentSeal) throws(EvidenceError) -> LogEntry {
        let label = header.label
        return try LogEntry(
            .sealed,
            [
                "time": String(label.sealedAt), "segment": label.id.description, "class": label.recordClass,
                "tenant": label.tenant, "kind": String(header.kind), "from": String(label.period.lowerBound),
                "until": String(label.period.upperBound), "records": String(header.records),
                "length": String(seal.length), "expires": String(label.expiresAt), "policy": label.policy,
                "basis": label.basis, "header": seal.headerHash.description,
                "directory": seal.directoryHash.description,
            ])
    }

    /// That the segment of a SEALED entry was destroyed.
    public static func destroyed(
        _ sealed: LogEntry, time: Int64, reason: String, policy: String, visa: String = "-", certificate: Digest? = nil
    ) throws(EvidenceError) -> LogEntry {
        try LogEntry(
            .destroyed,
            [
                "time": String(time), "segment": sealed["segment"], "class": sealed["class"],
                "tenant": sealed["tenant"], "records": sealed["records"], "reason": reason, "policy": policy,
                "visa": visa, "certificate": certificate?.description ?? "-",
            ])
    }

    /// That a source was silent or lost records; `lost` where their number is known.
    public static func gap(
        source: String, from: Int64, until: Int64, cause: String, lost: Int64?, time: Int64
    ) throws(EvidenceError) -> LogEntry {
        try LogEntry(
            .gap,
            [
                "time": String(time), "source": source, "from": String(from), "until": String(until), "cause": cause,
                "lost": lost.map(String.init) ?? "-",
            ])
    }
}
