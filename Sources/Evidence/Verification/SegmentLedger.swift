/// What the log says of segments, holds and gaps.
struct SegmentLedger {
    struct Line {
        let entry: LogEntry
        let index: UInt64
        var destroyed: LogEntry?
        /// Until when a hold keeps it beyond its term; `Int64.max` without a date.
        var heldUntil: Int64?
        /// Its object was found.
        var present = false
    }

    private(set) var lines: [SegmentID: Line] = [:]
    /// Segments of each open hold.
    private var holds: [String: [SegmentID]] = [:]
    private var latest = Int64.min

    mutating func found(_ id: SegmentID) { lines[id]?.present = true }

    /// Takes in an entry of the log.
    mutating func take(_ octets: [UInt8], _ index: UInt64, _ report: inout VerificationReport) {
        let name = "entry \(index)"
        let entry: LogEntry
        do throws(EvidenceError) { entry = try LogEntry(octets) } catch {
            report.add(.warning, .entryUnreadable, name, error.description)
            return
        }
        report.entries[entry.kind, default: 0] += 1
        let time = entry.number("time") ?? 0
        if time < latest {
            report.add(.warning, .timeReversed, name, "\(UTCTime.text(time)) after \(UTCTime.text(latest))")
        }
        latest = max(latest, time)
        switch entry.kind {
        case .sealed, .journal: takeSealed(entry, index, &report)
        case .destroyed: takeDestroyed(entry, name, &report)
        case .hold: takeHold(entry)
        case .gap:
            let (from, until) = (entry.number("from") ?? 0, entry.number("until") ?? 0)
            let lost = entry["lost"] == "-" ? "an unknown number of" : entry["lost"]
            let period = "\(UTCTime.text(from)) to \(UTCTime.text(until))"
            report.add(.notice, .gap, name, "\(entry["source"]), \(period): \(entry["cause"]), \(lost) records lost")
        case .policy, .access, .injunction, .keys, .source, .clock, .timestamp, .event: return
        }
    }

    private mutating func takeSealed(_ entry: LogEntry, _ index: UInt64, _ report: inout VerificationReport) {
        guard let id = SegmentID(text: entry["segment"]) else { return }
        guard lines[id] == nil else {
            report.add(.segmentSealedTwice, "entry \(index)", "segment \(id)")
            return
        }
        lines[id] = Line(entry: entry, index: index)
    }

    private mutating func takeDestroyed(_ entry: LogEntry, _ name: String, _ report: inout VerificationReport) {
        guard let id = SegmentID(text: entry["segment"]), var line = lines[id] else {
            report.add(.destroyedUnknown, name, "segment \(entry["segment"]) was never sealed")
            return
        }
        guard line.destroyed == nil else {
            report.add(.destroyedTwice, name, "segment \(id)")
            return
        }
        for field in ["class", "tenant", "records"] where entry[field] != line.entry[field] {
            let said = "\(field) \(entry[field]), sealed with \(line.entry[field])"
            report.add(.countDiffers, name, "segment \(id): \(said)")
        }
        let (time, expiry) = (entry.number("time") ?? 0, line.entry.number("expires") ?? 0)
        if time < expiry {
            let dates = "destroyed \(UTCTime.text(time)), due \(UTCTime.text(expiry)): \(entry["reason"])"
            report.add(.warning, .destroyedEarly, name, "segment \(id), \(dates)")
        }
        line.destroyed = entry
        lines[id] = line
    }

    /// A hold keeps the segment of its vault, into which what is held was sealed again.
    private mutating func takeHold(_ entry: LogEntry) {
        if entry["action"] == "placed", let vault = SegmentID(text: entry["vault"]) {
            holds[entry["hold"], default: []].append(vault)
            let (until, before) = (entry.number("until") ?? .max, lines[vault]?.heldUntil ?? .min)
            lines[vault]?.heldUntil = max(until, before)
        } else if entry["action"] == "ended" {
            for vault in holds.removeValue(forKey: entry["hold"]) ?? [] { lines[vault]?.heldUntil = nil }
        }
    }

    /// What is there and should not be, and what should be there and is not.
    func judge(_ terms: ArchiveVerifier.Terms, _ report: inout VerificationReport) {
        for (id, line) in lines.sorted(by: { $0.value.index < $1.value.index }) {
            let entry = line.entry
            var totals = report.classes[entry["class"]] ?? .init()
            let records = entry.number("records") ?? 0
            if line.destroyed != nil {
                totals.destroyed += 1
                totals.destroyedRecords = totals.destroyedRecords.addingClamped(records)
                report.classes[entry["class"]] = totals
                continue
            }
            let due = max(entry.number("expires") ?? 0, line.heldUntil ?? .min)
            totals.live += 1
            totals.liveRecords = totals.liveRecords.addingClamped(records)
            totals.octets = totals.octets.addingClamped(entry.number("length") ?? 0)
            totals.oldest = min(totals.oldest ?? .max, entry.number("from") ?? .max)
            totals.newest = max(totals.newest ?? .min, entry.number("until") ?? .min)
            totals.nextExpiry = min(totals.nextExpiry ?? .max, due)
            report.classes[entry["class"]] = totals
            if !line.present {
                report.add(.segmentMissing, "segment \(id)", "sealed by entry \(line.index), not there")
            }
            judge(due, "segment \(id)", terms, &report)
        }
    }

    private func judge(
        _ due: Int64, _ name: String, _ terms: ArchiveVerifier.Terms, _ report: inout VerificationReport
    ) {
        guard due <= terms.instant else { return }
        let (late, beyond) = terms.instant.subtractingReportingOverflow(due)
        if beyond || late > terms.grace {
            report.add(.overRetained, name, "should have been destroyed \(UTCTime.text(due))")
        } else {
            report.add(.notice, .purgeDue, name, "since \(UTCTime.text(due))")
        }
    }
}
