public import Foundation
public import Postgres

/// A sealed object of the archive, as the catalogue knows it. Nothing in it says who connected.
public struct CataloguedSegment: Sendable, Hashable {
    /// Of the object in the archive, without folder.
    public var name: String
    /// Retention class.
    public var retentionClass: String
    /// Whose sources.
    public var tenantGroup: String
    /// `translations`, `leases`, …
    public var kind: String
    /// Records in the order of their coming, from before a crash.
    public var isJournal: Bool
    /// From this instant …
    public var periodStart: Date
    /// … until before this one.
    public var periodEnd: Date
    /// How many records.
    public var records: Int64
    /// Of the object.
    public var bytes: Int64
    /// Legal basis, bound when it was written.
    public var basis: String
    /// Name and version of the policy it was written under.
    public var policy: String
    /// When the clock of its youngest record started.
    public var clockStart: Date
    /// The first instant at which it may no longer be kept.
    public var expiresAt: Date
    /// Its place in the transparency log.
    public var leaf: Int64
    /// When it was sealed.
    public var sealedAt: Date
    /// When it was destroyed; nil: it is kept.
    public var destroyedAt: Date?

    /// A segment that is kept.
    public init(
        name: String, retentionClass: String, tenantGroup: String, kind: String, isJournal: Bool, period: Range<Date>,
        records: Int64, bytes: Int64, basis: String, policy: String, clockStart: Date, expiresAt: Date, leaf: Int64,
        sealedAt: Date
    ) {
        (self.name, self.retentionClass, self.tenantGroup, self.kind) = (name, retentionClass, tenantGroup, kind)
        (self.isJournal, periodStart, periodEnd) = (isJournal, period.lowerBound, period.upperBound)
        (self.records, self.bytes, self.basis, self.policy) = (records, bytes, basis, policy)
        (self.clockStart, self.expiresAt, self.leaf, self.sealedAt) = (clockStart, expiresAt, leaf, sealedAt)
    }
}

/// The catalogue of sealed segments. It can be made again from the archive alone.
public struct SegmentCatalogue: Sendable {
    private let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    /// Enters a segment, again if it must be: the archive is what counts.
    public func enter(_ segment: CataloguedSegment) async throws {
        _ = try await client.write(
            """
            INSERT INTO retention.segment AS known (name, class, tenant_group, kind, is_journal, period_start, period_end,
                records, bytes, basis, policy, clock_start, expires_at, leaf, sealed_at, destroyed_at)
            VALUES (\(segment.name), \(segment.retentionClass), \(segment.tenantGroup), \(segment.kind),
                \(segment.isJournal), \(segment.periodStart), \(segment.periodEnd), \(segment.records), \(segment.bytes),
                \(segment.basis), \(segment.policy), \(segment.clockStart), \(segment.expiresAt), \(segment.leaf),
                \(segment.sealedAt), \(segment.destroyedAt))
            ON CONFLICT (name) DO UPDATE SET leaf = excluded.leaf,
                destroyed_at = coalesce(known.destroyed_at, excluded.destroyed_at)
            """, repeatable: true)
    }

    /// Segments that are kept and whose time is over, the oldest first.
    public func due(at instant: Date, limit: Int = 1_000) async throws -> [CataloguedSegment] {
        try await list("destroyed_at IS NULL AND expires_at <= \(instant) ORDER BY expires_at, name", limit)
    }

    /// Segments that are kept, by period.
    public func kept(limit: Int = 100_000) async throws -> [CataloguedSegment] {
        try await list("destroyed_at IS NULL ORDER BY class, period_start, name", limit)
    }

    /// Notes that the segment or journal of this random name, 32 hexadecimal digits, is destroyed.
    public func markDestroyed(_ id: String, at instant: Date) async throws {
        _ = try await client.write(
            """
            UPDATE retention.segment SET destroyed_at = \(instant)
            WHERE name LIKE '%/' || \(id) || '.%' AND destroyed_at IS NULL
            """, repeatable: true)
    }

    /// The leaf of every segment that it has, and whether that is destroyed.
    public func leaves() async throws -> [Int64: Bool] {
        var leaves: [Int64: Bool] = [:]
        for row in try await client.query("SELECT leaf, destroyed_at IS NOT NULL FROM retention.segment") {
            let (leaf, isDestroyed) = try row.decode(Int64.self, Bool.self)
            leaves[leaf] = isDestroyed
        }
        return leaves
    }

    private func list(_ condition: SQL, _ limit: Int) async throws -> [CataloguedSegment] {
        try await client.query(
            """
            SELECT name, class, tenant_group, kind, is_journal, period_start, period_end, records, bytes, basis, policy,
                clock_start, expires_at, leaf, sealed_at, destroyed_at
            FROM retention.segment WHERE \(condition) LIMIT \(Int64(limit))
            """
        ).map(Self.segment)
    }

    private static func segment(_ row: Row) throws -> CataloguedSegment {
        var columns = ColumnReader(row)
        let (name, retentionClass) = (try columns.next(String.self), try columns.next(String.self))
        let (group, kind) = (try columns.next(String.self), try columns.next(String.self))
        let isJournal = try columns.next(Bool.self)
        let (start, end) = (try columns.next(Date.self), try columns.next(Date.self))
        guard start < end else { throw StoreError(.unreadable, "segment") }
        var segment = CataloguedSegment(
            name: name, retentionClass: retentionClass, tenantGroup: group, kind: kind, isJournal: isJournal,
            period: start..<end, records: try columns.next(), bytes: try columns.next(), basis: try columns.next(),
            policy: try columns.next(), clockStart: try columns.next(), expiresAt: try columns.next(),
            leaf: try columns.next(), sealedAt: try columns.next())
        segment.destroyedAt = try columns.next()
        return segment
    }
}
