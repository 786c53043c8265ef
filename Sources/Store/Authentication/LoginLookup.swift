public import Foundation
public import Postgres
public import Territory

/// What the access daemon's cache reads through: many logins in one prepared statement, whatever their kinds.
public struct LoginLookup: Sendable {
    /// Keys of one lookup at most.
    public static let largestBatch = 5_000

    private let client: PostgresClient
    private let keys: InstallationKeys

    /// Through this client; the keys digest voucher codes.
    public init(_ client: PostgresClient, keys: InstallationKeys) { (self.client, self.keys) = (client, keys) }

    /// What is known of these keys, with the usage of `day`; keys that nobody has are left out.
    ///
    /// Grants, vouchers and accounts are found whether they are in force or not, so that the reason for a refusal can be
    /// told; for a device the grant that is in force at `now` and ends last.
    public func find(
        _ wanted: some Collection<LoginKey>, usageOn day: CivilDay, now: Date
    ) async throws -> [LoginKey: KnownLogin] {
        guard !wanted.isEmpty else { return [:] }
        guard wanted.count <= Self.largestBatch else { throw StoreError(.invalid, "logins at once: \(wanted.count)") }
        let sorted = SortedKeys(wanted, digest: keys.vouchers)
        var known: [LoginKey: KnownLogin] = [:]
        known.reserveCapacity(wanted.count)
        for row in try await client.query(Self.statement(sorted, day: day, now: now)) {
            guard let (key, login) = try Self.login(row, sorted) else { continue }
            known[key] = login
        }
        return known
    }

    /// The keys by kind, as the statement takes them.
    private struct SortedKeys {
        var grants: [String] = []
        var codes: [[UInt8]: VoucherCode] = [:]
        var accounts: [String] = []
        var devices: [(site: SiteID, device: MACAddress)] = []

        init(_ keys: some Collection<LoginKey>, digest: VoucherDigest) {
            for key in keys {
                switch key {
                case .grant(let login): grants.append(login)
                case .voucher(let code): codes[digest(code)] = code
                case .account(let login): accounts.append(login)
                case .device(let device, let site): devices.append((site, device))
                }
            }
        }
    }

    private static func statement(_ keys: SortedKeys, day: CivilDay, now: Date) -> SQL {
        """
        WITH found (kind, grant_id, voucher_id, account_id) AS (
            SELECT 'grant', id, voucher_id, account_id FROM access.login_grant WHERE login = ANY(\(keys.grants))
            UNION ALL
            SELECT 'voucher', NULL, id, NULL FROM access.voucher WHERE digest = ANY(\(Array(keys.codes.keys)))
            UNION ALL
            SELECT 'account', NULL, NULL, id FROM identity.account WHERE login = ANY(\(keys.accounts))
            UNION ALL
            SELECT 'device', g.id, g.voucher_id, g.account_id
            FROM unnest(\(keys.devices.map(\.site)), \(keys.devices.map(\.device.description))) AS w(site_id, device)
            CROSS JOIN LATERAL (
                SELECT id, voucher_id, account_id FROM access.login_grant AS g
                WHERE g.site_id = w.site_id AND g.device = w.device::macaddr AND g.revoked_at IS NULL
                    AND g.expires_at > \(now)
                ORDER BY g.expires_at DESC LIMIT 1
            ) AS g
        ), subject AS (
            SELECT *, coalesce(voucher_id, account_id, grant_id) AS id,
                CASE WHEN voucher_id IS NOT NULL THEN 'voucher' WHEN account_id IS NOT NULL THEN 'account'
                    ELSE 'login_grant' END AS subject_kind
            FROM found
        )
        SELECT f.kind, v.digest, u.seconds, u.input_octets, u.output_octets, ARRAY(
                SELECT DISTINCT coalesce(s.calling_station, s.acct_session_id) FROM access.live_session AS s
                WHERE s.subject_kind = f.subject_kind AND s.subject_id = f.id AND s.stopped_at IS NULL LIMIT 1000
            ), \(SQL.grantColumns), \(SQL.voucherColumns), \(SQL.accountColumns)
        FROM subject AS f
        LEFT JOIN access.login_grant AS g ON g.id = f.grant_id
        LEFT JOIN access.voucher AS v ON v.id = f.voucher_id
        LEFT JOIN identity.account AS a ON a.id = f.account_id
        LEFT JOIN access.usage AS u ON u.subject_kind = f.subject_kind AND u.subject_id = f.id
            AND u.day = \(day.description)::text::date
        """
    }

    private enum Kind: String { case grant, voucher, account, device }

    private static func login(_ row: Row, _ keys: SortedKeys) throws -> (LoginKey, KnownLogin)? {
        var columns = ColumnReader(row)
        let kind = try columns.nextCase(Kind.self)
        let code = try columns.next([UInt8]?.self).flatMap { keys.codes[$0] }
        let usage = try columns.nextUsage()
        let stations = try columns.next([String].self)
        let (grant, voucher, account) = (try columns.nextGrant(), try columns.nextVoucher(), try columns.nextAccount())
        func known(_ subject: Subject, _ source: SubjectReference, _ verifier: KnownLogin.Verifier) -> KnownLogin {
            KnownLogin(
                subject: subject, source: source, verifier: verifier, grant: grant, usage: usage, stations: stations)
        }
        switch kind {
        case .grant:
            guard let grant else { return nil }
            let subject = Subject(grant, voucher: voucher, account: account)
            return (.grant(login: grant.login), known(subject, .loginGrant(grant.id), .derived(login: grant.login)))
        case .device:
            guard let grant, let device = grant.device else { return nil }
            let subject = Subject(grant, voucher: voucher, account: account)
            return (.device(device, at: grant.siteID), known(subject, .loginGrant(grant.id), .none))
        case .voucher:
            guard let voucher, let code else { return nil }
            return (.voucher(code), known(Subject(voucher), .voucher(voucher.id), .code(code)))
        case .account:
            guard let account else { return nil }
            let login = known(Subject(account), .account(account.id), .hash(account.passwordHash))
            return (.account(login: account.login), login)
        }
    }
}

extension ColumnReader {
    /// The next three columns, a day's usage; zero when an outer join found none.
    fileprivate mutating func nextUsage() throws -> Usage {
        Usage(
            seconds: try next(Int64?.self) ?? 0, inputOctets: try next(Int64?.self) ?? 0,
            outputOctets: try next(Int64?.self) ?? 0)
    }
}
