/// Checks a whole archive without keys: the log against its checkpoint and its witnesses, each segment against the log,
/// and what is there against what the law lets be there.
///
/// Reads every object once; memory holds one line for each segment.
public struct ArchiveVerifier {
    /// What is trusted, and for which moment.
    public struct Terms: Sendable {
        /// The log's name, and its keys.
        public var origin: String
        /// The log's keys.
        public var logKeys: [NoteVerifier]
        /// The witnesses' keys.
        public var witnesses: [NoteVerifier]
        /// How many of the witnesses must have cosigned.
        public var cosignatures: Int
        /// The moment for which expiry is judged, in milliseconds since 1970 UTC.
        public var instant: Int64
        /// How long after expiry a purge may take, in milliseconds.
        public var grace: Int64

        /// One of the witnesses must have cosigned if there are any; a purge may take a day.
        public init(
            origin: String, logKeys: [NoteVerifier], witnesses: [NoteVerifier] = [], cosignatures: Int? = nil,
            instant: Int64, grace: Int64 = 86_400_000
        ) {
            (self.origin, self.logKeys, self.witnesses) = (origin, logKeys, witnesses)
            self.cosignatures = cosignatures ?? min(1, witnesses.count)
            (self.instant, self.grace) = (instant, grace)
        }
    }

    let storage: ArchiveStorage
    let terms: Terms

    /// An archive, and what is trusted.
    public init(_ storage: ArchiveStorage, _ terms: Terms) { (self.storage, self.terms) = (storage, terms) }

    /// Checks everything.
    /// - Parameters:
    ///   - witnessed: checkpoints that witnesses keep, as notes, by a name to call them; they come from the witnesses,
    ///     not from the archive.
    ///   - progress: called with the segments checked and their number; what it throws ends the verification.
    public func verify<Stopped: Error>(
        witnessed: [(name: String, note: [UInt8])] = [], progress: (Int, Int) throws(Stopped) -> Void
    ) throws(Stopped) -> VerificationReport {
        var report = VerificationReport(instant: terms.instant)
        guard let checkpoint = checkpoint(&report) else { return report }
        let others = otherCheckpoints(checkpoint, witnessed, &report)
        var ledger = SegmentLedger()
        LogVerification(storage: storage, checkpoint: checkpoint, others: others).run(&ledger, &report)
        let names = segmentNames(&report)
        try SegmentVerification(storage: storage).run(names, &ledger, &report, progress)
        ledger.judge(terms, &report)
        return report
    }

    /// Checks everything, to the end.
    public func verify(witnessed: [(name: String, note: [UInt8])] = []) -> VerificationReport {
        verify(witnessed: witnessed) { (_, _) throws(Never) in }
    }

    private func checkpoint(_ report: inout VerificationReport) -> Checkpoint? {
        do throws(EvidenceError) {
            guard let octets = try object("checkpoint") else {
                report.add(.checkpointMissing, "checkpoint", "there is none")
                return nil
            }
            let note = try SignedNote(octets: octets)
            let checkpoint = try Checkpoint(note.text)
            guard checkpoint.origin == terms.origin else {
                report.add(.checkpointInvalid, "checkpoint", "it is of another log")
                return nil
            }
            report.signatures = try note.verify(terms.logKeys)
            report.checkpoint = checkpoint
            cosignatures(note, &report)
            unknownSignatures(note, "checkpoint", &report)
            return checkpoint
        } catch {
            let code: Finding.Code = error.code == .unsigned ? .checkpointUnsigned : .checkpointInvalid
            report.add(code, "checkpoint", error.description)
            return nil
        }
    }

    private func cosignatures(_ note: SignedNote, _ report: inout VerificationReport) {
        var cosigners: [SignedNote.Verified] = []
        for witness in terms.witnesses {
            do throws(EvidenceError) { cosigners += try note.verify([witness]) } catch  where error.code != .unsigned {
                report.add(.witnessInvalid, "checkpoint", error.description)
            } catch { continue }
        }
        report.signatures += cosigners
        let count = Set(cosigners.map(\.name)).count
        if count < terms.cosignatures {
            report.add(.cosignaturesMissing, "checkpoint", "\(count) of \(terms.cosignatures) cosignatures")
        }
    }

    private func unknownSignatures(_ note: SignedNote, _ name: String, _ report: inout VerificationReport) {
        for signature in note.unknownSignatures(terms.logKeys + terms.witnesses) {
            report.add(.warning, .signatureUnknown, name, "a signature of a key that is not known: \(signature)")
        }
    }

    private func object(_ name: String) throws(EvidenceError) -> [UInt8]? {
        do { return try storage.read(name) } catch { throw EvidenceError(.missingObject, in: name) }
    }

    private func segmentNames(_ report: inout VerificationReport) -> [String] {
        do { return try storage.names("segments/").sorted() } catch {
            report.add(.unreadable, "segments/", "the objects cannot be listed")
            return []
        }
    }

    /// What witnesses and the archive itself say the log was before: each to be found in the log as it is.
    private func otherCheckpoints(
        _ newest: Checkpoint, _ witnessed: [(name: String, note: [UInt8])], _ report: inout VerificationReport
    ) -> [(name: String, checkpoint: Checkpoint)] {
        var others: [(name: String, checkpoint: Checkpoint)] = []
        var notes = witnessed.map { (name: $0.name, note: $0.note, keys: terms.witnesses) }
        do {
            for name in try storage.names("checkpoints/").sorted() {
                notes.append((name, try storage.read(name) ?? [], terms.logKeys + terms.witnesses))
            }
        } catch { report.add(.unreadable, "checkpoints/", "the objects cannot be read") }
        for (name, octets, keys) in notes {
            do throws(EvidenceError) {
                let note = try SignedNote(octets: octets)
                _ = try note.verify(keys)
                unknownSignatures(note, name, &report)
                let checkpoint = try Checkpoint(note.text)
                if checkpoint.origin == newest.origin {
                    others.append((name, checkpoint))
                } else {
                    report.add(.witnessInvalid, name, "it is of another log")
                }
            } catch { report.add(.witnessInvalid, name, error.description) }
        }
        return others
    }
}
