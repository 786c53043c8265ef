public import Foundation
public import Postgres
public import Territory

/// Addresses that send us requests and are no NAS of ours: counted, never answered, shown to the operator.
public struct UnknownSources: Sendable {
    /// Rows kept at most: a flood from forged addresses fills no disk.
    public static let limit = 1_000

    /// One such address.
    public struct Source: Sendable, Hashable {
        /// Where the packets came from.
        public let address: IPAddress
        /// The first of them.
        public let firstSeenAt: Date
        /// The last of them.
        public let lastSeenAt: Date
        /// How many.
        public let packets: Int64

        /// Packets of one address in one interval.
        public init(address: IPAddress, firstSeenAt: Date, lastSeenAt: Date, packets: Int64) {
            (self.address, self.firstSeenAt) = (address, firstSeenAt)
            (self.lastSeenAt, self.packets) = (lastSeenAt, packets)
        }
    }

    private let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    /// Adds what was counted since the last time; each address at most once. New addresses beyond ``limit`` are dropped.
    /// Counts are estimates: after an unknown outcome the caller forgets them.
    public func note(_ sources: [Source]) async throws {
        guard !sources.isEmpty else { return }
        let sorted = sources.sorted { $0.address < $1.address }
        _ = try await client.write(
            """
            INSERT INTO access.unknown_source AS known (address, first_seen_at, last_seen_at, packets)
            SELECT address, first_seen_at, last_seen_at, packets FROM (
                SELECT seen.address::inet AS address, seen.first_seen_at, seen.last_seen_at, seen.packets,
                    old.address IS NOT NULL AS is_old, row_number() OVER (PARTITION BY old.address IS NOT NULL) AS position
                FROM unnest(\(sorted.map(\.address.description)), \(sorted.map(\.firstSeenAt)),
                    \(sorted.map(\.lastSeenAt)), \(sorted.map(\.packets)))
                    AS seen(address, first_seen_at, last_seen_at, packets)
                LEFT JOIN access.unknown_source AS old ON old.address = seen.address::inet
            ) AS counted
            WHERE is_old OR position <= \(Int64(Self.limit)) - (SELECT count(*) FROM access.unknown_source)
            ON CONFLICT (address) DO UPDATE SET last_seen_at = greatest(known.last_seen_at, excluded.last_seen_at),
                packets = known.packets + excluded.packets
            """, repeatable: false)
    }

    /// The addresses seen since, those with most packets first, at most ``limit``.
    public func list(since: Date = .distantPast) async throws -> [Source] {
        try await client.query(
            """
            SELECT host(address), first_seen_at, last_seen_at, packets FROM access.unknown_source
            WHERE last_seen_at >= \(since) ORDER BY packets DESC, address LIMIT \(Int64(Self.limit))
            """
        ).map { row in
            var columns = ColumnReader(row)
            guard let address = try columns.nextAddress() else { throw StoreError(.unreadable, "unknown_source") }
            return Source(
                address: address, firstSeenAt: try columns.next(), lastSeenAt: try columns.next(),
                packets: try columns.next())
        }
    }

    /// Forgets addresses not seen since. Returns how many.
    public func forget(notSeenSince instant: Date) async throws -> Int {
        try await client.write(
            "DELETE FROM access.unknown_source WHERE last_seen_at < \(instant)", repeatable: true
        ).affected
    }
}
