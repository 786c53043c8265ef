public import Foundation
public import Postgres
public import Territory

/// What the access daemon's cache reads through: many logins in one prepared statement, whatever their kinds.
public struct LoginLookup: Sendable {
    /// Keys of one lookup at most.
    public static let largestBatch = 5_000
    /// How long a station that has gone is still told of.
    public static let recentSeconds: TimeInterval = 120

    let client: PostgresClient
    private let keys: InstallationKeys

    /// Through this client; the keys digest voucher codes.
    public init(_ client: PostgresClient, keys: InstallationKeys) { (self.client, self.keys) = (client, keys) }

    /// What a voucher's code is found by.
    func digest(_ code: VoucherCode) -> [UInt8] { keys.vouchers(code) }

    /// What is known of these keys, with the usage of `day` and of its week and month; keys that nobody has are left out.
    ///
    /// Grants, vouchers and accounts are found whether they are in force or not, so that the reason for a refusal can be
    /// told; for a device the grant that is in force at `now` and ends last, and its WPA key: its own, else its household's.
    public func find(
        _ wanted: some Collection<LoginKey>, usageOn day: CivilDay, now: Date
    ) async throws -> [LoginKey: KnownLogin] {
        guard !wanted.isEmpty else { return [:] }
        guard wanted.count <= Self.largestBatch else { throw StoreError(.invalid, "logins at once: \(wanted.count)") }
        let sorted = SortedKeys(wanted, digest: keys.vouchers)
        var known: [LoginKey: KnownLogin] = [:]
        known.reserveCapacity(wanted.count)
        for row in try await client.query(Self.statement(sorted, day: day, now: now)) {
            guard let (key, login) = try login(row, sorted, day) else { continue }
            known[key] = login
        }
        return known
    }

    /// A code's digest: 32 octets that are as good as random, so the first of them tell digests apart.
    private struct CodeDigest: Hashable {
        let octets: [UInt8]

        init(_ octets: [UInt8]) { self.octets = octets }

        func hash(into hasher: inout Hasher) {
            octets.withUnsafeBytes { hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: $0.prefix(8))) }
        }
    }

    /// The keys by kind, as the statement takes them.
    private struct SortedKeys {
        var grants: [String] = []
        var codes: [CodeDigest: VoucherCode] = [:]
        var accounts: [String] = []
        var devices: [(site: SiteID, device: MACAddress)] = []

        init(_ keys: some Collection<LoginKey>, digest: VoucherDigest) {
            for key in keys {
                switch key {
                case .grant(let login): grants.append(login)
                case .voucher(let code): codes[CodeDigest(digest(code))] = code
                case .account(let login): accounts.append(login)
                case .device(let device, let site): devices.append((site, device))
                }
            }
        }
    }

    private static func statement(_ keys: SortedKeys, day: CivilDay, now: Date) -> SQL {
        """
        WITH found (kind, grant_id, voucher_id, account_id, site_id, device, key_id, key_account, psk, key_group) AS (
            SELECT 'grant', id, voucher_id, account_id, NULL::bigint, NULL::text, NULL::bigint, NULL::bigint,
                NULL::bytea, NULL::text
            FROM access.login_grant WHERE login = ANY(\(keys.grants))
            UNION ALL
            SELECT 'voucher', NULL, id, NULL, NULL, NULL, NULL, NULL, NULL, NULL
            FROM access.voucher WHERE digest = ANY(\(keys.codes.keys.map(\.octets)))
            UNION ALL
            SELECT 'account', NULL, NULL, id, NULL, NULL, NULL, NULL, NULL, NULL
            FROM identity.account WHERE login = ANY(\(keys.accounts))
            UNION ALL
            \(devices(keys, now: now))
        ), subject AS (
            SELECT *, coalesce(voucher_id, account_id, grant_id) AS id,
                CASE WHEN voucher_id IS NOT NULL THEN 'voucher' WHEN account_id IS NOT NULL THEN 'account'
                    ELSE 'login_grant' END AS subject_kind
            FROM found
        )
        SELECT f.kind, f.site_id, f.device, v.digest, u.days, u.seconds, u.input_octets, u.output_octets, s.names,
            s.connected, s.heard, f.key_id, f.key_account, f.psk, f.key_group, a.nt_hash, \(SQL.grantColumns), \(SQL.voucherColumns),
            \(SQL.accountColumns)
        FROM subject AS f
        LEFT JOIN access.login_grant AS g ON g.id = f.grant_id
        LEFT JOIN access.voucher AS v ON v.id = f.voucher_id
        LEFT JOIN identity.account AS a ON a.id = f.account_id
        CROSS JOIN LATERAL (\(usage(day))) AS u
        CROSS JOIN LATERAL (\(stations(now))) AS s
        """
    }

    private static func devices(_ keys: SortedKeys, now: Date) -> SQL {
        """
        SELECT 'device', g.id, g.voucher_id, CASE WHEN g.id IS NULL THEN k.account_id ELSE g.account_id END,
            w.site_id, w.device, k.id, k.account_id, k.psk, k.group_name
        FROM unnest(\(keys.devices.map(\.site)), \(keys.devices.map(\.device.description))) AS w(site_id, device)
        LEFT JOIN LATERAL (
            SELECT id, voucher_id, account_id FROM access.login_grant AS g
            WHERE g.site_id = w.site_id AND g.device = w.device::macaddr AND g.revoked_at IS NULL
                AND g.expires_at > \(now)
            ORDER BY g.expires_at DESC LIMIT 1
        ) AS g ON true
        LEFT JOIN LATERAL (
            SELECT k.id, k.account_id, k.psk, k.group_name FROM access.wifi_key AS k
            WHERE k.revoked_at IS NULL AND (k.site_id IS NULL OR k.site_id = w.site_id)
                AND k.organisation_id = (SELECT t.organisation_id FROM territory.site AS t WHERE t.id = w.site_id)
                AND (k.device = w.device::macaddr OR (k.device IS NULL AND k.account_id = g.account_id))
            ORDER BY k.device IS NULL, k.site_id IS NULL LIMIT 1
        ) AS k ON true
        WHERE g.id IS NOT NULL OR k.id IS NOT NULL
        """
    }

    /// The days that count, a range of the primary key; they are summed here, where sums cannot overflow.
    private static func usage(_ day: CivilDay) -> SQL {
        """
        SELECT array_agg(u.day - \(day.description)::text::date) AS days, array_agg(u.seconds) AS seconds,
            array_agg(u.input_octets) AS input_octets, array_agg(u.output_octets) AS output_octets
        FROM access.usage AS u WHERE u.subject_id = f.id AND u.subject_kind = f.subject_kind
            AND u.day BETWEEN \(QuotaPeriod.earliest(for: day).description)::text::date
                AND \(day.description)::text::date
        """
    }

    /// The sessions that count; those of one station are put together here, which costs less than a sort in each lookup.
    private static func stations(_ now: Date) -> SQL {
        """
        SELECT array_agg(s.name) AS names, array_agg(s.connected) AS connected, array_agg(s.heard) AS heard FROM (
            SELECT coalesce(s.calling_station, s.acct_session_id) AS name, s.stopped_at IS NULL AS connected,
                s.received_at AS heard
            FROM access.live_session AS s
            WHERE s.subject_kind = f.subject_kind AND s.subject_id = f.id
                AND (s.stopped_at IS NULL OR s.received_at > \(now.addingTimeInterval(-recentSeconds)))
            LIMIT 1000
        ) AS s
        """
    }

    private enum Kind: String { case grant, voucher, account, device }

    private func login(_ row: Row, _ wanted: SortedKeys, _ day: CivilDay) throws -> (LoginKey, KnownLogin)? {
        var columns = ColumnReader(row)
        let kind = try columns.nextCase(Kind.self)
        let (site, device) = (try columns.next(SiteID?.self), try columns.nextMAC())
        let code = try columns.next([UInt8]?.self).flatMap { wanted.codes[CodeDigest($0)] }
        let usage = try columns.nextUsage(on: day)
        let stations = try columns.nextStations()
        let key = try columns.nextWiFiKey(opening: keys.secrets)
        let ntHash = try columns.next([UInt8]?.self)
        let (grant, voucher, account) = (try columns.nextGrant(), try columns.nextVoucher(), try columns.nextAccount())
        func known(_ subject: Subject, _ source: SubjectReference, _ verifier: KnownLogin.Verifier) -> KnownLogin {
            KnownLogin(
                subject: subject, source: source, verifier: verifier, grant: grant, keyAccount: key?.account,
                usage: usage,
                stations: stations)
        }
        switch kind {
        case .grant:
            guard let grant else { return nil }
            let subject = Subject(grant, voucher: voucher, account: account)
            return (.grant(login: grant.login), known(subject, .loginGrant(grant.id), .derived(login: grant.login)))
        case .device:
            guard let site, let device else { return nil }
            let behind = grant.map { Subject($0, voucher: voucher, account: account) } ?? account.map { Subject($0) }
            guard var subject = behind else { return nil }
            subject.psk = key?.psk
            subject.group = key?.group ?? subject.group
            let source = grant.map { SubjectReference.loginGrant($0.id) } ?? subject.reference
            return (.device(device, at: site), known(subject, source, .none))
        case .voucher:
            guard let voucher, let code else { return nil }
            return (.voucher(code), known(Subject(voucher), .voucher(voucher.id), .code(code)))
        case .account:
            guard let account else { return nil }
            // One that does not open is as if there were none: MS-CHAPv2 is then refused, and nothing else.
            let nt = ntHash.flatMap { try? keys.secrets.open($0, at: .ntHash(account.id)) }.map { Secret($0) }
            let login = known(Subject(account), .account(account.id), .hash(account.passwordHash, nt: nt))
            return (.account(login: account.login), login)
        }
    }
}

extension ColumnReader {
    /// The next four columns, arrays of days before `day` and of what was used on each; NULL where there are none.
    fileprivate mutating func nextUsage(on day: CivilDay) throws -> PeriodUsage {
        guard let days = try next([Int32]?.self) else {
            skip(3)
            return .zero
        }
        let (seconds, input, output) = (try next([Int64].self), try next([Int64].self), try next([Int64].self))
        guard seconds.count == days.count, input.count == days.count, output.count == days.count else {
            throw StoreError(.unreadable, "usage")
        }
        return PeriodUsage(
            days.indices.lazy.map { index in
                (
                    day: CivilDay(daysSinceEpoch: day.daysSinceEpoch + Int(days[index])),
                    usage: Usage(seconds: seconds[index], inputOctets: input[index], outputOctets: output[index])
                )
            }, on: day)
    }

    /// The next three columns, arrays of stations; NULL where there are none.
    fileprivate mutating func nextStations() throws -> [HeardStation] {
        guard let names = try next([String]?.self) else {
            skip(2)
            return []
        }
        let (connected, heard) = (try next([Bool].self), try next([Date].self))
        guard connected.count == names.count, heard.count == names.count else {
            throw StoreError(.unreadable, "stations")
        }
        return HeardStation.merging(
            names.indices.map { HeardStation(name: names[$0], isConnected: connected[$0], heardAt: heard[$0]) })
    }

    /// The next four columns, a device's WPA key and group; nil when an outer join found none. A key that does not open is
    /// as if there were none: the access point then turns the device away, and no other.
    fileprivate mutating func nextWiFiKey(opening secrets: SecretBox) throws -> (
        account: AccountID, psk: Secret?, group: String?
    )? {
        guard let id = try next(WiFiKeyID?.self) else {
            skip(3)
            return nil
        }
        let (account, sealed) = (try next(AccountID.self), try next([UInt8].self))
        let psk = try? secrets.open(sealed, at: .wifiKey(id))
        return (account, psk.map { Secret($0) }, try next(String?.self))
    }
}
