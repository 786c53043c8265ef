import Foundation
import Postgres
import Store
import Territory
import Testing

struct LoginLookupTests {
    private let noon = Installation.noon
    private let day = CivilDay(daysSinceEpoch: 20_833)

    @Test(arguments: [
        ("g.aaaaaaaaaaaaaaaaaaaa", LoginKey.grant(login: "g.aaaaaaaaaaaaaaaaaaaa")),
        ("Alice@Example.org", .account(login: "alice@example.org")), ("g.short", .account(login: "g.short")),
    ])
    func `tells by its shape what a User-Name can be`(name: String, key: LoginKey) throws {
        #expect(LoginKey(userName: name) == key)
        let code = VoucherCode.random()
        #expect(LoginKey(userName: code.display.lowercased()) == .voucher(code))
        #expect(LoginKey(userName: "") == nil)
        #expect(LoginKey(userName: String(repeating: "a", count: 254)) == nil)
        #expect(LoginKey(userName: "a\0b") == nil)
    }

    @Test func `finds grants, vouchers, accounts and devices in one lookup, with their usage and stations`()
        async throws
    {
        try await Installation.with { here in
            let (organisation, site) = try await here.commune("55001", slug: "mairie-a")
            let voucher = try await Vouchers(here.owner, keys: here.keys).create(
                NewVoucher(
                    organisation: organisation, site: site, devices: 3, validFrom: noon - 60, validUntil: noon + 600))
            let account = try await Accounts(here.owner).create(
                login: "Alice@Example.org", passwordHash: Secret(text: "$y$hash"), of: organisation)
            guard
                case .granted(let issued) = try await Vouchers(here.portal, keys: here.keys).redeem(
                    voucher.code, site: site, of: organisation, device: .documentation(1), now: noon,
                    expiresAt: noon + 300)
            else {
                Issue.record("refused")
                return
            }
            var session = SessionRow.sample(1, organisation: organisation, site: site).later(60, octets: 5)
            session.subject = .voucher(voucher.id)
            _ = try await SessionStore(here.access).write([
                SessionWrite(previous: nil, row: session, usage: UsageDelta.between(nil, session))
            ])
            let keys: [LoginKey] = [
                .grant(login: issued.grant.login), .voucher(voucher.code), .account(login: account.login),
                .device(.documentation(1), at: site), .device(.documentation(2), at: site),
                .device(.documentation(1), at: 999),
                .voucher(.random()), .grant(login: GrantCredential.randomLogin()), .account(login: "nobody"),
            ]
            let found = try await LoginLookup(here.access, keys: here.keys).find(keys, usageOn: day, now: noon)
            #expect(Set(found.keys) == Set(keys.prefix(4)))
            let grant = try #require(found[keys[0]])
            #expect(grant.subject.reference == .voucher(voucher.id))
            #expect(grant.source == .loginGrant(issued.grant.id))
            #expect(grant.subject.validUntil == noon + 300)
            #expect(grant.subject.rights?.devices == .limited(3))
            #expect(grant.verifier == .derived(login: issued.grant.login))
            #expect(grant.grant == issued.grant)
            for key in [keys[0], keys[1], keys[3]] {
                #expect(
                    found[key]?.usage == PeriodUsage(day: Usage(seconds: 60, inputOctets: 5, outputOctets: 50)))
                let station = session.callingStation ?? ""
                #expect(
                    found[key]?.stations == [
                        HeardStation(name: station, isConnected: true, heardAt: session.receivedAt)
                    ])
            }
            #expect(found[keys[1]]?.verifier == .code(voucher.code))
            #expect(found[keys[1]]?.subject.validUntil == noon + 600)
            #expect(found[keys[2]]?.verifier == .hash(Secret(text: "$y$hash"), nt: nil))
            #expect(found[keys[2]]?.usage == .zero)
            #expect(found[keys[3]]?.verifier == KnownLogin.Verifier.none)
        }
    }

    @Test func `sums the week from Monday and the month from its first, in one range of days`() async throws {
        try await Installation.with { here in
            let (organisation, _) = try await here.commune("55001", slug: "mairie-a")
            let voucher = try await Vouchers(here.owner, keys: here.keys).create(
                NewVoucher(organisation: organisation, validFrom: noon - 60, validUntil: noon + 600))
            // The day is Friday 15 January 2027: the 11th is Monday, 10 is Sunday, 31 is December.
            _ = try await here.owner.write(
                """
                INSERT INTO access.usage
                SELECT \(organisation), kind, \(voucher.id), day::date, seconds, 9223372036854775807, 1
                FROM (VALUES ('voucher', '2027-01-16', 100000), ('voucher', '2027-01-15', 1), ('voucher', '2027-01-11', 10),
                    ('voucher', '2027-01-10', 100), ('voucher', '2027-01-01', 1000), ('voucher', '2026-12-31', 10000),
                    ('account', '2027-01-15', 1000000)) AS used(kind, day, seconds)
                """, repeatable: false)
            let usage = { (seconds: Int64, days: Int64) in
                Usage(seconds: seconds, inputOctets: .max, outputOctets: days)
            }
            let wanted = PeriodUsage(day: usage(1, 1), week: usage(11, 2), month: usage(1_111, 4))
            let found = try await LoginLookup(here.access, keys: here.keys).find(
                [.voucher(voucher.code)], usageOn: day, now: noon)
            #expect(found.values.first?.usage == wanted)
            let loaded = try await UsageStore(here.portal, of: organisation).loadPeriods(
                [.voucher(voucher.id), .voucher(999)], on: day)
            #expect(loaded == [.voucher(voucher.id): wanted])
        }
    }

    @Test func `tells of a station that has gone for two minutes, and of one that is connected however long`()
        async throws
    {
        try await Installation.with { here in
            let (organisation, site) = try await here.commune("55001", slug: "mairie-a")
            let account = try await Accounts(here.owner).create(
                login: "alice", passwordHash: Secret(text: "$y$hash"), of: organisation, group: "agents")
            var rows: [SessionRow] = []
            for (number, silence) in [(1, 0.0), (2, 86_400), (3, 119), (4, 120)] {
                var row = SessionRow.sample(number, organisation: organisation, site: site, startedAt: noon - silence)
                row.subject = .account(account.id)
                rows.append(number > 2 ? row.stopped : row)
            }
            var again = rows[2]
            again.sessionKey = SessionKey(high: 8, low: 8)
            again.sessionID = UUID()
            again.stoppedAt = nil
            again.receivedAt = noon - 500
            _ = try await SessionStore(here.access).write(
                (rows + [again]).map { SessionWrite(previous: nil, row: $0, usage: []) })
            let found = try await LoginLookup(here.access, keys: here.keys).find(
                [.account(login: "alice")], usageOn: day, now: noon)
            let login = try #require(found.values.first)
            #expect(login.subject.group == "agents")
            let station = { (index: Int) in rows[index].callingStation ?? "" }
            #expect(
                Set(login.stations) == [
                    HeardStation(name: station(0), isConnected: true, heardAt: noon),
                    HeardStation(name: station(1), isConnected: true, heardAt: noon - 86_400),
                    HeardStation(name: station(2), isConnected: true, heardAt: noon - 119),
                ], "two sessions of one station are one, and one that is open connects it")
        }
    }

    @Test func `lets no device in on a grant that is over or was taken back`() async throws {
        try await Installation.with { here in
            let (organisation, site) = try await here.commune("55001", slug: "mairie-a")
            let grants = Grants(here.portal, keys: here.keys)
            let lookup = LoginLookup(here.access, keys: here.keys)
            let key = LoginKey.device(.documentation(1), at: site)
            func issue(_ seconds: TimeInterval) async throws -> LoginGrant {
                try await grants.issueClickThrough(
                    site: site, of: organisation, device: .documentation(1), now: noon, expiresAt: noon + seconds
                ).grant
            }
            let (short, long) = (try await issue(60), try await issue(600))
            #expect(try await lookup.find([key], usageOn: day, now: noon)[key]?.grant?.id == long.id)
            try await grants.revoke(long.id, of: organisation, at: noon)
            #expect(try await lookup.find([key], usageOn: day, now: noon)[key]?.grant?.id == short.id)
            #expect(try await lookup.find([key], usageOn: day, now: noon + 60)[key] == nil)
            #expect(try await grants.expire(short.id, of: organisation, at: noon + 120))
            #expect(try await lookup.find([key], usageOn: day, now: noon + 60)[key] != nil)
            let revoked = try await lookup.find([.grant(login: long.login)], usageOn: day, now: noon)
            #expect(revoked.values.first?.subject.revokedAt == noon, "found, so that the reason can be told")
        }
    }

    @Test func `opens, finds and closes accounts`() async throws {
        try await Installation.with { here in
            let (organisation, _) = try await here.commune("55001", slug: "mairie-a")
            let accounts = Accounts(here.owner)
            let many = (0..<2_500).map { (login: "User\($0)", passwordHash: Secret(text: "$y$\($0)")) }
            #expect(try await accounts.create(many, of: organisation) == 2_500)
            #expect(try await accounts.create(many.suffix(10), of: organisation) == 0)
            let found = try await Accounts(here.access).find(["user7", "USER9", "nobody"])
            #expect(found.mapValues(\.passwordHash) == ["user7": Secret(text: "$y$7"), "user9": Secret(text: "$y$9")])
            await #expect(throws: StoreError(.duplicate, "")) {
                try await accounts.create(login: "USER7", passwordHash: Secret(text: "x"), of: organisation)
            }
            let account = try #require(found["user7"])
            #expect(try await accounts.close(account.id, of: organisation, at: noon) == 0)
            #expect(try await accounts.close(account.id, of: organisation, at: noon) == nil)
            #expect(try await accounts.find(["user7"])["user7"]?.closedAt == noon)
            try await Accounts(here.access).markSeen([account.id], on: day)
            #expect(
                try await here.count("SELECT count(*) FROM identity.account WHERE last_seen_on = '2027-01-15'") == 1)
        }
    }
}
