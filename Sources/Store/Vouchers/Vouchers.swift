public import Postgres
public import Territory

/// Codes handed out at the desk. Only their digests are stored.
public struct Vouchers: Sendable {
    /// Vouchers of one batch at most.
    public static let largestBatch = 10_000

    let client: PostgresClient
    let keys: InstallationKeys

    /// Through this client; the keys digest the codes.
    public init(_ client: PostgresClient, keys: InstallationKeys) { (self.client, self.keys) = (client, keys) }

    /// Makes one voucher.
    public func create(_ request: NewVoucher) async throws -> CreatedVoucher {
        guard let voucher = try await create(request, count: 1).first else { throw StoreError(.invalid, "voucher") }
        return voucher
    }

    /// Makes `count` vouchers of one kind in one statement, all or none.
    ///
    /// Throws `.invalid` for a count outside 1 … 10,000 or for what no voucher may hold (an end before its beginning).
    public func create(_ request: NewVoucher, count: Int) async throws -> [CreatedVoucher] {
        guard (1...Self.largestBatch).contains(count) else { throw StoreError(.invalid, "vouchers at once: \(count)") }
        guard request.validFrom < request.validUntil, (1...1_000).contains(request.devices) else {
            throw StoreError(.invalid, "a voucher's validity or number of devices")
        }
        // Two equal codes among 10,000 come once in ten million batches; they would make one voucher of two.
        var codes: [[UInt8]: VoucherCode] = [:]
        while codes.count < count {
            let code = VoucherCode.random()
            codes[keys.vouchers(code)] = code
        }
        let rows = try await client.write(
            """
            INSERT INTO access.voucher (organisation_id, site_id, digest, label, rights, devices, valid_from, valid_until,
                group_name)
            SELECT \(request.organisation), \(request.site), digest, \(request.label),
                \(request.rights?.json)::text::jsonb, \(Int32(request.devices)), \(request.validFrom),
                \(request.validUntil), \(request.group)
            FROM unnest(\(Array(codes.keys))) AS digest
            RETURNING id, digest
            """, settings: [.organisation(request.organisation)], repeatable: false)
        return try rows.decode(VoucherID.self, [UInt8].self).compactMap { id, digest in
            codes[digest].map { CreatedVoucher(id: id, code: $0) }
        }.sorted { $0.id < $1.id }
    }

    /// The vouchers of an organisation, the newest first, at most `limit`.
    public func list(of organisation: OrganisationID, limit: Int = 1_000) async throws -> [Voucher] {
        try await client.query(
            """
            SELECT \(SQL.voucherColumns) FROM access.voucher v WHERE v.organisation_id = \(organisation)
            ORDER BY v.created_at DESC, v.id DESC LIMIT \(Int64(limit))
            """, settings: [.organisation(organisation)]
        ).compactMap(Self.voucher)
    }

    /// The vouchers of these codes; codes that are none are left out.
    public func find(_ codes: [VoucherCode], of organisation: OrganisationID) async throws -> [VoucherCode: Voucher] {
        let digests = Dictionary(codes.map { (keys.vouchers($0), $0) }, uniquingKeysWith: { first, _ in first })
        let rows = try await client.query(
            "SELECT v.digest, \(SQL.voucherColumns) FROM access.voucher v WHERE v.digest = ANY(\(Array(digests.keys)))",
            settings: [.organisation(organisation)])
        var found: [VoucherCode: Voucher] = [:]
        for row in rows {
            var columns = ColumnReader(row)
            guard let code = digests[try columns.next([UInt8].self)] else { continue }
            found[code] = try columns.nextVoucher()
        }
        return found
    }

    static func voucher(_ row: Row) throws -> Voucher? {
        var columns = ColumnReader(row)
        return try columns.nextVoucher()
    }
}
