public import Foundation
internal import Postgres
public import Territory

extension LoginLookup {
    /// Whose usage these logins' sessions are, whether the logins are in force or not; keys that nobody has are left out.
    ///
    /// For accounting that comes without our Class: a tenth of what ``find(_:usageOn:now:)`` reads. For a device the grant
    /// that is in force at `now` and ends last.
    public func subjects(
        of wanted: some Collection<LoginKey>, now: Date
    ) async throws -> [LoginKey: SubjectReference] {
        guard !wanted.isEmpty else { return [:] }
        guard wanted.count <= Self.largestBatch else { throw StoreError(.invalid, "logins at once: \(wanted.count)") }
        let keys = Array(wanted)
        var names = SubjectColumns(keys.count)
        for (index, key) in keys.enumerated() { names.append(key, at: index, digest: digest) }
        var found: [LoginKey: SubjectReference] = [:]
        found.reserveCapacity(keys.count)
        for row in try await client.query(names.statement(now)) {
            let index = try row.decode(Int.self, column: 0)
            guard keys.indices.contains(index) else { throw StoreError(.unreadable, "the number of a login") }
            let grant = try row.decode(Int64?.self, column: 1).map { SubjectReference(kind: .loginGrant, id: $0) }
            let voucher = try row.decode(Int64?.self, column: 2).map { SubjectReference(kind: .voucher, id: $0) }
            let account = try row.decode(Int64?.self, column: 3).map { SubjectReference(kind: .account, id: $0) }
            found[keys[index]] = voucher ?? account ?? grant
        }
        return found
    }
}

/// Logins by kind, each with its place among those asked for.
private struct SubjectColumns {
    private var grants, codes, accounts, devices, sites: ArrayParameter
    private var grantPlaces, codePlaces, accountPlaces, devicePlaces: ArrayParameter

    init(_ capacity: Int) {
        (grants, codes, accounts, devices, sites) = (.text(0), .bytea(capacity), .text(0), .text(0), .int8(0))
        (grantPlaces, codePlaces, accountPlaces, devicePlaces) = (.int8(0), .int8(capacity), .int8(0), .int8(0))
    }

    mutating func append(_ key: LoginKey, at place: Int, digest: (VoucherCode) -> [UInt8]) {
        switch key {
        case .grant(let login):
            grants.append(login)
            grantPlaces.append(Int64(place))
        case .voucher(let code):
            codes.append(octets: digest(code))
            codePlaces.append(Int64(place))
        case .account(let login):
            accounts.append(login)
            accountPlaces.append(Int64(place))
        case .device(let device, let site):
            devices.append(device.description)
            sites.append(site.rawValue)
            devicePlaces.append(Int64(place))
        }
    }

    /// `LATERAL … LIMIT` makes each name a search of its own, whatever the planner knows of the tables' sizes.
    func statement(_ now: Date) -> SQL {
        """
        SELECT w.place, g.id, g.voucher_id, g.account_id
        FROM unnest(\(grants), \(grantPlaces)) AS w(login, place) CROSS JOIN LATERAL (
            SELECT id, voucher_id, account_id FROM access.login_grant WHERE login = w.login LIMIT 1) AS g
        UNION ALL SELECT w.place, NULL, v.id, NULL
        FROM unnest(\(codes), \(codePlaces)) AS w(digest, place) CROSS JOIN LATERAL (
            SELECT id FROM access.voucher WHERE digest = w.digest LIMIT 1) AS v
        UNION ALL SELECT w.place, NULL, NULL, a.id
        FROM unnest(\(accounts), \(accountPlaces)) AS w(login, place) CROSS JOIN LATERAL (
            SELECT id FROM identity.account WHERE login = w.login LIMIT 1) AS a
        UNION ALL SELECT w.place, g.id, g.voucher_id, g.account_id
        FROM unnest(\(devices), \(sites), \(devicePlaces)) AS w(device, site_id, place) CROSS JOIN LATERAL (
            SELECT id, voucher_id, account_id FROM access.login_grant
            WHERE site_id = w.site_id AND device = w.device::macaddr AND revoked_at IS NULL AND expires_at > \(now)
            ORDER BY expires_at DESC LIMIT 1) AS g
        """
    }
}
