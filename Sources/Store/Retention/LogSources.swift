public import Foundation
public import Postgres
public import Territory

/// The declared sources of the archive, and what the daemon has seen of each.
public struct LogSources: Sendable {
    private let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    /// Those that may send, by name.
    public func all() async throws -> [LogSource] {
        try await client.query(
            """
            SELECT \(Self.columns) FROM retention.source JOIN territory.site ON site.id = source.site_id
            WHERE removed_at IS NULL ORDER BY source.name
            """
        ).map(Self.source)
    }

    private static let columns: SQL = """
        source.id, source.organisation_id, source.site_id, site.slug, source.name, source.kind, source.address::text,
        source.certificate_name, array_to_string(source.dialects, ' '), source.time_zone, source.tenant_group,
        source.silent_after_seconds
        """

    private static func source(_ row: Row) throws -> LogSource {
        var columns = ColumnReader(row)
        let (id, organisation) = (try columns.next(LogSourceID.self), try columns.next(OrganisationID.self))
        let site = try columns.next(SiteID.self)
        guard let slug = Slug(rawValue: try columns.next()) else { throw StoreError(.unreadable, "site.slug") }
        return LogSource(
            id: id, organisationID: organisation, siteID: site, site: slug, name: try columns.next(),
            kind: try columns.nextCase(), address: try columns.nextPrefix(), certificateName: try columns.next(),
            dialects: try columns.next(String.self).split(separator: " ").map(String.init),
            timeZone: try columns.next(), tenantGroup: try columns.next(),
            silentAfterSeconds: Int(try columns.next(Int32.self)))
    }

    /// Declares a source at a site. Throws `.notFound` for a site that is not there, `.duplicate` when its name was ever
    /// used or its address or certificate is another's, `.invalid` for what no row may hold.
    public func add(_ new: NewLogSource, to site: SiteID) async throws -> LogSource {
        do {
            let rows = try await client.write(
                """
                WITH source AS (
                    INSERT INTO retention.source (organisation_id, site_id, name, kind, address, certificate_name,
                        dialects, time_zone, tenant_group, silent_after_seconds)
                    SELECT organisation_id, id, \(new.name), \(new.kind.rawValue), \(new.address?.description)::text::cidr,
                        \(new.certificateName?.lowercased()), \(new.dialects)::text[], \(new.timeZone), \(new.tenantGroup),
                        \(Int32(clamping: new.silentAfterSeconds))
                    FROM territory.site WHERE id = \(site) RETURNING *
                )
                SELECT \(Self.columns) FROM source JOIN territory.site ON site.id = source.site_id
                """, repeatable: false)
            guard let row = rows.first else { throw StoreError(.notFound, "site \(site)") }
            return try Self.source(row)
        } catch let error as PostgresError where error.sqlState == SQLState.uniqueViolation {
            throw StoreError(.duplicate, "a source with this name, address or certificate")
        } catch let error as PostgresError where error.sqlState == SQLState.checkViolation {
            throw StoreError(.invalid, "source \(new.name)")
        }
    }

    /// Takes a source out of service. Its name stays taken. Throws `.notFound`.
    public func remove(_ name: String, at instant: Date) async throws {
        let changed = try await client.write(
            "UPDATE retention.source SET removed_at = \(instant) WHERE name = \(name) AND removed_at IS NULL",
            repeatable: true)
        guard changed.affected > 0 else { throw StoreError(.notFound, "source \(name)") }
    }

    /// What was seen of sources since the last time. Counts are estimates: after an unknown outcome the caller forgets them.
    public func note(_ seen: [SourceSighting]) async throws {
        guard !seen.isEmpty else { return }
        let sorted = seen.sorted { $0.source < $1.source }
        _ = try await client.write(
            """
            INSERT INTO retention.source_state AS known (source_id, last_event_at, last_received_at, records, ignored,
                malformed, lost, clock_offset_ms, silent_since)
            SELECT * FROM unnest(\(sorted.map { Int32(clamping: $0.source.rawValue) }), \(sorted.map(\.lastEventAt)),
                \(sorted.map(\.lastReceivedAt)), \(sorted.map(\.records)), \(sorted.map(\.ignored)),
                \(sorted.map(\.malformed)), \(sorted.map(\.lost)), \(sorted.map(\.clockOffsetMilliseconds)),
                \(sorted.map(\.silentSince)))
            ON CONFLICT (source_id) DO UPDATE SET
                last_event_at = greatest(known.last_event_at, excluded.last_event_at),
                last_received_at = greatest(known.last_received_at, excluded.last_received_at),
                records = known.records + excluded.records, ignored = known.ignored + excluded.ignored,
                malformed = known.malformed + excluded.malformed, lost = known.lost + excluded.lost,
                clock_offset_ms = coalesce(excluded.clock_offset_ms, known.clock_offset_ms),
                silent_since = excluded.silent_since
            """, repeatable: false)
    }

    /// Rows of unknown senders kept at most: a flood from forged addresses fills no disk.
    public static let unknownLimit = 1_000

    /// Adds what was counted of unknown senders since the last time; of new ones, those that there is room for.
    public func note(unknown senders: [UnknownSender]) async throws {
        guard !senders.isEmpty else { return }
        let sorted = senders.sorted { ($0.address, $0.kind.rawValue) < ($1.address, $1.kind.rawValue) }
        _ = try await client.write(
            """
            INSERT INTO retention.unknown_sender AS known (address, kind, first_seen_at, last_seen_at, messages)
            SELECT seen.address::inet, seen.kind, seen.at, seen.at, seen.messages
            FROM unnest(\(sorted.map(\.address.description)), \(sorted.map(\.kind.rawValue)),
                \(sorted.map(\.lastSeenAt)), \(sorted.map(\.messages))) AS seen(address, kind, at, messages)
            WHERE (SELECT count(*) FROM retention.unknown_sender) < \(Int64(Self.unknownLimit))
                OR EXISTS (SELECT FROM retention.unknown_sender AS old
                    WHERE old.address = seen.address::inet AND old.kind = seen.kind)
            ON CONFLICT (address, kind) DO UPDATE SET messages = known.messages + excluded.messages,
                last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at)
            """, repeatable: false)
    }

    /// Who sends and is no source of ours, most messages first.
    public func unknownSenders() async throws -> [UnknownSender] {
        try await client.query(
            """
            SELECT host(address), kind, last_seen_at, messages FROM retention.unknown_sender
            ORDER BY messages DESC, address LIMIT \(Int64(Self.unknownLimit))
            """
        ).map { row in
            var columns = ColumnReader(row)
            guard let address = try columns.nextAddress() else { throw StoreError(.unreadable, "unknown_sender") }
            return UnknownSender(
                address: address, kind: try columns.nextCase(), lastSeenAt: try columns.next(),
                messages: try columns.next())
        }
    }

    /// What was seen of each source that may send; those of which nothing was are there with nothing.
    public func sightings() async throws -> [(source: LogSource, seen: SourceSighting)] {
        try await client.query(
            """
            SELECT \(Self.columns), last_event_at, last_received_at, coalesce(records, 0), coalesce(ignored, 0),
                coalesce(malformed, 0), coalesce(lost, 0), clock_offset_ms, silent_since
            FROM retention.source JOIN territory.site ON site.id = source.site_id
                LEFT JOIN retention.source_state ON source_id = source.id
            WHERE removed_at IS NULL ORDER BY source.name
            """
        ).map { row in
            let source = try Self.source(row)
            var columns = ColumnReader(row)
            columns.skip(12)
            var seen = SourceSighting(source: source.id)
            (seen.lastEventAt, seen.lastReceivedAt) = (try columns.next(), try columns.next())
            (seen.records, seen.ignored) = (try columns.next(), try columns.next())
            (seen.malformed, seen.lost) = (try columns.next(), try columns.next())
            (seen.clockOffsetMilliseconds, seen.silentSince) = (try columns.next(), try columns.next())
            return (source, seen)
        }
    }
}

/// Somebody who sends to the archive and is no source of ours.
public struct UnknownSender: Sendable, Hashable {
    /// Where from.
    public var address: IPAddress
    /// To which kind of listener.
    public var kind: LogSource.Kind
    /// When it was seen last.
    public var lastSeenAt: Date
    /// Messages or connections.
    public var messages: Int64

    /// One sender.
    public init(address: IPAddress, kind: LogSource.Kind, lastSeenAt: Date, messages: Int64) {
        (self.address, self.kind, self.lastSeenAt, self.messages) = (address, kind, lastSeenAt, messages)
    }
}

/// What was seen of a source, in all or since the last time.
public struct SourceSighting: Sendable, Hashable {
    /// Of which.
    public var source: LogSourceID
    /// The last event, by the source's clock.
    public var lastEventAt: Date?
    /// When anything came last.
    public var lastReceivedAt: Date?
    /// Records taken in.
    public var records: Int64 = 0
    /// Messages that say nothing of an attribution.
    public var ignored: Int64 = 0
    /// Messages that could not be read.
    public var malformed: Int64 = 0
    /// Records known to be lost before they reached us.
    public var lost: Int64 = 0
    /// The source's clock minus ours, in milliseconds.
    public var clockOffsetMilliseconds: Int32?
    /// Since when it has been silent for too long; nil: it is not.
    public var silentSince: Date?

    /// Nothing was seen.
    public init(source: LogSourceID) { self.source = source }
}
