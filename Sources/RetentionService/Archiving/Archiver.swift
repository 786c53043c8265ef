internal import Evidence
import Foundation
internal import Logging
internal import Metrics
internal import NIOCore
internal import NetworkLogs
internal import Territory

/// What goes into which segment, and when it is durable. An actor on a thread of its own: it blocks in the kernel.
actor Archiver {
    /// What an archive is made under.
    struct Terms: Sendable {
        var policy: RetentionPolicy
        var injunctions: InjunctionRegister
        var recipients: Recipients
        var limits = ArchiveLimits()
    }

    private let layout: ArchiveLayout
    private let files: DurableFiles
    private let sealer: Sealer
    private let loop: any EventLoop
    private let logger: Logger
    private var terms: Terms
    private var sources: [LogSourceID: LogSource] = [:]
    private var open: [SegmentKey: OpenSegment] = [:]
    /// What was taken and has no segment yet, and how far its first batch has got.
    private var pending: [[IntakeRecord]] = []
    private var position = 0

    /// Records of a kind that the archive has no place for.
    private let unkept = Counter(label: "socle_retention_unkept_total", dimensions: [("reason", "kind")])
    /// Records of a class that is not collected now, or of a source that nobody knows any more.
    private let uncollected = Counter(label: "socle_retention_unkept_total", dimensions: [("reason", "not_collected")])

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.executor.asUnownedSerialExecutor() }

    init(
        _ layout: ArchiveLayout, files: DurableFiles, terms: Terms, sealer: Sealer, loop: any EventLoop, logger: Logger
    ) {
        (self.layout, self.files, self.terms, self.sealer) = (layout, files, terms, sealer)
        (self.loop, self.logger) = (loop, logger)
    }

    /// The sources whose records are taken in. One that was removed may still have records on the way, so none is forgotten.
    func replace(sources: [LogSource]) {
        for source in sources { self.sources[source.id] = source }
    }

    /// What holds from now on. Open segments keep the basis that they were opened under.
    func replace(injunctions: InjunctionRegister) { terms.injunctions = injunctions }

    /// Takes records in and makes them durable: when it returns, they are. Throws what the disk says; then nothing is lost
    /// or doubled, and ``proceed(now:)`` goes on where it stopped.
    ///
    /// - Parameter now: milliseconds since 1970 UTC.
    func take(_ batches: [[IntakeRecord]], now: Int64) async throws {
        pending += batches
        try await proceed(now: now)
    }

    /// Goes on with what was taken and is not durable yet.
    func proceed(now: Int64) async throws {
        while let batch = pending.first {
            while position < batch.count {
                let key = try await append(batch[position], now: now)
                position += 1
                if let key, let count = open[key]?.count, count >= terms.limits.records { try await seal(key) }
            }
            pending.removeFirst()
            position = 0
        }
        try synchronise()
    }

    /// Makes durable what is not yet.
    func synchronise() throws {
        for segment in open.values { try segment.synchronise(files) }
    }

    /// Returns the segment that the record went to.
    private func append(_ record: IntakeRecord, now: Int64) async throws -> SegmentKey? {
        guard let schema = record.event.kind.schema else {
            unkept.increment()
            return nil
        }
        let day = SegmentKey.day(of: SegmentKey.clockStart(of: record).time)
        guard let source = sources[record.source],
            case let key = SegmentKey(
                retentionClass: .connection, tenantGroup: source.tenantGroup, schema: schema.id, day: day),
            let segment = try await segment(key, schema, now: now)
        else {
            uncollected.increment()
            return nil
        }
        do throws(EvidenceError) { try segment.append(record, of: source) } catch {
            // Its octet strings are too many for one segment; they are few for a new one.
            guard error.code == .full else { throw error }
            try await seal(key)
            try await self.segment(key, schema, now: now)?.append(record, of: source)
        }
        return key
    }

    private func segment(_ key: SegmentKey, _ schema: Schema, now: Int64) async throws -> OpenSegment? {
        if let segment = open[key] { return segment }
        guard let label = terms.label(of: key, now: now) else { return nil }
        if open.count >= terms.limits.openSegments, let oldest = open.min(by: { $0.value.openedAt < $1.value.openedAt })
        {
            try await seal(oldest.key)
        }
        let segment = try OpenSegment(
            key, schema, label, recipients: terms.recipients, openedAt: now, path: layout.journal(label.id),
            files: files)
        open[key] = segment
        return segment
    }

    /// Seals the segments that have been open for long enough.
    func sealDue(now: Int64) async throws {
        for (key, segment) in open where now - segment.openedAt >= terms.limits.openMilliseconds { try await seal(key) }
    }

    /// Seals everything.
    func sealAll() async throws {
        for key in open.keys.sorted(by: { ($0.day, $0.schema) < ($1.day, $1.schema) }) { try await seal(key) }
    }

    /// Hands a segment to the sealer. Until it is sealed its journal stands for it.
    private func seal(_ key: SegmentKey) async throws {
        guard let segment = open[key] else { return }
        try segment.synchronise(files)
        open[key] = nil
        await sealer.accept(SealingWork(segment.label, segment.builder))
    }
}

extension Archiver.Terms {
    /// What a segment that is opened now says of itself; nil: its class must not be collected.
    func label(of key: SegmentKey, now: Int64) -> SegmentLabel? {
        let instant = Date(timeIntervalSince1970: Double(now) / 1_000)
        guard let rule = policy[key.retentionClass],
            let basis = policy.basis(of: key.retentionClass, at: instant, injunctions: injunctions)
        else { return nil }
        // The last record's clock starts before the period's end, so nothing in it may be kept beyond this.
        let end = rule.period.end(after: Date(timeIntervalSince1970: Double(key.period.upperBound) / 1_000))
        return SegmentLabel(
            recordClass: key.retentionClass.rawValue, tenant: key.tenantGroup, period: key.period, sealedAt: now,
            expiresAt: Int64(end.timeIntervalSince1970 * 1_000), policy: policy.reference, basis: basis)
    }
}
