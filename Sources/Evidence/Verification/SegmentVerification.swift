/// Checks the objects under `segments/` against the log.
struct SegmentVerification {
    let storage: ArchiveStorage

    func run<Stopped: Error>(
        _ names: [String], _ ledger: inout SegmentLedger, _ report: inout VerificationReport,
        _ progress: (Int, Int) throws(Stopped) -> Void
    ) throws(Stopped) {
        for (number, name) in names.enumerated() {
            check(name, &ledger, &report)
            try progress(number + 1, names.count)
        }
    }

    private func check(_ name: String, _ ledger: inout SegmentLedger, _ report: inout VerificationReport) {
        guard let id = SegmentID(objectName: name), let line = ledger.lines[id] else {
            report.add(.segmentUnlogged, name, "no entry of the log seals it")
            return
        }
        if line.present { report.add(.segmentMisplaced, name, "segment \(id) is there twice") }
        ledger.found(id)
        if let destroyed = line.destroyed {
            let time = UTCTime.text(destroyed.number("time") ?? 0)
            report.add(.survivesDestruction, name, "the log says that it was destroyed \(time)")
            return
        }
        do throws(EvidenceError) { try check(name, line, &report) } catch {
            report.add(.segmentDamaged, name, error.description)
        }
    }

    /// The header first, against the hash in the log; then the directory; then each part against the directory.
    private func check(_ name: String, _ line: SegmentLedger.Line, _ report: inout VerificationReport)
        throws(EvidenceError)
    {
        let source: SegmentSource?
        do { source = try storage.segment(name) } catch { throw EvidenceError(.missingObject, in: "segment") }
        guard let source else { throw EvidenceError(.missingObject, in: "segment") }
        if line.entry.kind == .journal { return try checkJournal(source, name, line, &report) }
        let file = try SegmentFile(source)
        guard file.seal.headerHash.description == line.entry["header"] else {
            throw EvidenceError(.hashMismatch, in: SegmentHeader.structure)
        }
        guard file.seal.directoryHash.description == line.entry["directory"] else {
            throw EvidenceError(.hashMismatch, in: SegmentDirectory.structure)
        }
        for part in 0..<file.header.parts {
            do throws(EvidenceError) { _ = try file.part(part) } catch {
                let range = file.partRange(part)
                let place = "octets \(range.lowerBound) to \(range.upperBound - 1)"
                report.add(.segmentDamaged, name, "\(error.description), \(place) of the object")
            }
        }
        if try LogEntry.sealed(file.header, file.seal) != line.entry {
            report.add(.segmentDiffers, name, "its header does not say what entry \(line.index) says")
        }
        if name != file.header.label.objectName {
            report.add(.warning, .segmentMisplaced, name, "it belongs at \(file.header.label.objectName)")
        }
    }

    /// A journal has no parts that could be told apart: its header, and all of its frames.
    private func checkJournal(
        _ source: SegmentSource, _ name: String, _ line: SegmentLedger.Line, _ report: inout VerificationReport
    ) throws(EvidenceError) {
        guard source.size <= SegmentLimits.segment else { throw EvidenceError(.limitExceeded, in: "journal") }
        let file = try JournalFile(try source.read(0..<source.size, "journal"))
        guard file.seal.headerHash.description == line.entry["header"] else {
            throw EvidenceError(.hashMismatch, in: JournalHeader.structure)
        }
        guard file.soundLength == source.size else {
            throw EvidenceError(.trailingOctets, in: JournalFrame.structure, at: file.soundLength)
        }
        guard file.seal.directoryHash.description == line.entry["directory"] else {
            throw EvidenceError(.hashMismatch, in: JournalFrame.structure)
        }
        if try LogEntry.journal(file, time: line.entry.number("time") ?? 0) != line.entry {
            report.add(.segmentDiffers, name, "its header does not say what entry \(line.index) says")
        }
        if name != file.header.label.journalName {
            report.add(.warning, .segmentMisplaced, name, "it belongs at \(file.header.label.journalName)")
        }
    }
}
