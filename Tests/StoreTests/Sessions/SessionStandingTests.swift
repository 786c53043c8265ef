import Foundation
import Postgres
import Store
import Territory
import Testing

struct SessionStandingTests {
    /// A site with a NAS, and sessions at it.
    private struct Place {
        let here: Installation
        let organisation: OrganisationID
        let site: SiteID
        let nas: NASID

        init(_ here: Installation) async throws {
            self.here = here
            (organisation, site) = try await here.commune("55001", slug: "mairie-a")
            nas = try await NASDirectory(here.owner, keys: here.keys)
                .add(NewNAS(name: "gw", profile: "wispr", identifier: "gw"), to: site).id
        }

        func session(_ number: UInt8, of subject: SubjectReference?, name: String) async throws -> SessionRow {
            var row = SessionRow.sample(Int(number), nas: nas, organisation: organisation, site: site)
            (row.subject, row.userName) = (subject, name)
            row.callingStation = MACAddress.documentation(number).description
            _ = try await SessionStore(here.access).write([SessionWrite(previous: nil, row: row)])
            return row
        }

        func voucher(until: Date) async throws -> CreatedVoucher {
            try await Vouchers(here.owner, keys: here.keys).create(
                NewVoucher(organisation: organisation, validFrom: Installation.noon - 3_600, validUntil: until))
        }

        func ended(_ cutoff: Date, at sites: [SiteID] = []) async throws -> [UUID] {
            try await SessionStore(here.access).standings(
                endedBefore: cutoff, at: sites, notCommandedSince: cutoff, day: CivilDay(cutoff, in: .gmt)
            ).map(\.session.sessionID)
        }
    }

    @Test func `a session stands on what let it in, with what its subject used`() async throws {
        try await Installation.with { here in
            let place = try await Place(here)
            let voucher = try await place.voucher(until: Installation.noon + 600)
            let row = try await place.session(1, of: .voucher(voucher.id), name: voucher.code.canonical)
            let today = CivilDay(Installation.noon, in: .gmt)
            _ = try await here.owner.write(
                """
                INSERT INTO access.usage SELECT \(place.organisation), 'voucher', \(voucher.id),
                    \(today.description)::text::date - n, 1, 10, 100 FROM generate_series(0, 60) AS n
                """, repeatable: false)
            let store = SessionStore(here.access)
            let found = try await store.standings(of: [.voucher(voucher.id)], day: today)
            #expect(found.map(\.session.sessionID) == [row.sessionID])
            #expect(found.first?.subject?.validUntil == Installation.noon + 600)
            #expect(found.first?.usage(on: today).day == Usage(seconds: 1, inputOctets: 10, outputOctets: 100))
            let month = found.first?.usage(on: today).month.seconds
            #expect(month == Int64(today.dayOfMonth))
            #expect(try await store.standings(of: [.voucher(VoucherID(voucher.id.rawValue + 1))], day: today).isEmpty)
            #expect(try await store.standings(of: [], day: today).isEmpty)
        }
    }

    /// The plan that is kept must be good for any number of sessions and subjects: this read all of them for each look.
    @Test func `the sessions of some subjects are found without reading those of all`() async throws {
        try await Installation.with { here in
            let place = try await Place(here)
            let others = try await place.voucher(until: .distantFuture)
            // Most are over, as they are until the history takes them: few are expected to be found, and many are asked for.
            _ = try await here.owner.write(
                """
                INSERT INTO access.live_session (session_id, nas_id, session_key, version, organisation_id, site_id, subject_kind,
                    subject_id, acct_session_id, started_at, last_event_at, received_at, stopped_at)
                SELECT gen_random_uuid(), \(place.nas), decode(md5(n::text), 'hex'), 1, \(place.organisation), \(place.site),
                    'voucher', \(others.id) + n, n::text, now(), now(), now(), CASE WHEN n > 20 THEN now() END
                FROM generate_series(1, 600) AS n
                """, repeatable: false)
            _ = try await here.owner.write("ANALYZE access.live_session", repeatable: true)
            // One connection: plans, and what a backend has counted, are its own.
            let conninfo = ScratchCluster.conninfo(here.conninfo, user: "socle_access")
            try await Installation.client(conninfo, connections: 1) { client in
                let look = { (kind: SubjectReference.Kind) async throws -> Void in
                    let wanted = (1...500).map { SubjectReference(kind: kind, id: 1_000_000 + $0) }
                    let day = CivilDay(daysSinceEpoch: 20_000)
                    #expect(try await SessionStore(client).standings(of: wanted, day: day).isEmpty)
                }
                // From the sixth time on PostgreSQL may keep a plan for whatever comes.
                for _ in 0..<10 { try await look(.voucher) }
                try await look(.loginGrant)
                _ = try await client.query("SELECT pg_stat_force_next_flush()")
            }
            let read = try await here.owner.query(
                """
                SELECT ((SELECT sum(seq_tup_read) FROM pg_stat_user_tables WHERE relname = 'live_session')
                    + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'live_session'))::bigint
                """
            ).first?.decode(Int.self)
            #expect(try #require(read) < 600, "looks for five hundred who are not there")
        }
    }

    @Test func `a grant's end is its own session's, and is found by the grant's number`() async throws {
        try await Installation.with { here in
            let place = try await Place(here)
            let voucher = try await place.voucher(until: .distantFuture)
            let vouchers = Vouchers(here.owner, keys: here.keys)
            let redeemed = try await vouchers.redeem(
                voucher.code, site: place.site, of: place.organisation, device: .documentation(2),
                now: Installation.noon, expiresAt: Installation.noon + 600)
            guard case .granted(let issued) = redeemed else { throw StoreError(.notFound, "grant") }
            _ = try await place.session(1, of: .voucher(voucher.id), name: voucher.code.canonical)
            let own = try await place.session(2, of: .voucher(voucher.id), name: issued.grant.login)
            let day = CivilDay(Installation.noon, in: .gmt)
            let found = try await SessionStore(here.access).standings(of: [.loginGrant(issued.grant.id)], day: day)
            #expect(found.count == 2, "those of the voucher, each with its own bounds")
            let bounded = found.first { $0.session.sessionID == own.sessionID }
            #expect(bounded?.subject?.validUntil == Installation.noon + 600)
            #expect(try await place.ended(Installation.noon + 599).isEmpty)
            #expect(try await place.ended(Installation.noon + 600) == [own.sessionID])
        }
    }

    @Test func `a device whose grant is taken back stands on nothing, one with a WPA key on its account`() async throws
    {
        try await Installation.with { here in
            let place = try await Place(here)
            let account = try await Accounts(here.owner).create(
                login: "famille", passwordHash: Secret(text: "x"), of: place.organisation)
            let grant = try await Grants(here.owner, keys: here.keys).issue(
                account: account.id, site: place.site, of: place.organisation, device: .documentation(3),
                now: Installation.noon, expiresAt: Installation.noon + 600)
            _ = try await place.session(3, of: .account(account.id), name: "02-00-5E-00-53-03")
            let store = SessionStore(here.access)
            let day = CivilDay(Installation.noon, in: .gmt)
            let before = try await store.standings(of: [.account(account.id)], day: day)
            #expect(before.first?.subject?.validUntil == Installation.noon + 600)
            _ = try await Grants(here.owner, keys: here.keys).revoke(
                grant.grant.id, of: place.organisation, at: Installation.noon)
            let after = try await store.standings(of: [.account(account.id)], day: day)
            #expect(after.count == 1 && after.first?.subject == nil)
            _ = try await WiFiKeys(here.owner, keys: here.keys).create(
                NewWiFiKey(account: account.id, device: .documentation(3), group: "household"), of: place.organisation)
            let keyed = try await store.standings(of: [.account(account.id)], day: day)
            #expect(keyed.first?.subject?.reference == .account(account.id))
            #expect(keyed.first?.subject?.group == "household")
        }
    }

    @Test func `the sweep finds what has ended, and closed sites, and leaves alone what has a command`() async throws {
        try await Installation.with { here in
            let place = try await Place(here)
            let voucher = try await place.voucher(until: Installation.noon)
            let ended = try await place.session(1, of: .voucher(voucher.id), name: voucher.code.canonical)
            let account = try await Accounts(here.owner).create(
                login: "agent", passwordHash: Secret(text: "x"), of: place.organisation)
            let open = try await place.session(2, of: .account(account.id), name: "agent")
            _ = try await place.session(3, of: nil, name: "stranger")
            #expect(try await place.ended(Installation.noon - 1).isEmpty)
            #expect(try await place.ended(Installation.noon) == [ended.sessionID])
            #expect(
                try await Set(place.ended(Installation.noon, at: [place.site])) == [ended.sessionID, open.sessionID])
            // Closed by an older executable, which leaves no command.
            _ = try await here.owner.write(
                "UPDATE identity.account SET closed_at = \(Installation.noon) WHERE id = \(account.id)",
                repeatable: true)
            #expect(try await Set(place.ended(Installation.noon)) == [ended.sessionID, open.sessionID])
            let outbox = Outbox(here.access)
            let endings = [ended, open].map { SessionEnding($0, .disconnect, reason: "expired") }
            #expect(try await outbox.leaveOnce(endings, now: Installation.noon) == 2)
            #expect(try await outbox.leaveOnce(endings, now: Installation.noon) == 0)
            #expect(try await place.ended(Installation.noon).isEmpty)
        }
    }

    @Test func `a command is left again after a while if the session goes on, and not if it fell silent`() async throws
    {
        try await Installation.with { here in
            let place = try await Place(here)
            var row = try await place.session(1, of: nil, name: "a")
            let outbox = Outbox(here.access)
            let leave = { (row: SessionRow, reason: String, now: Date) in
                try await outbox.leaveOnce([SessionEnding(row, .disconnect, reason: reason)], now: now)
            }
            let end = { (outcome: String, at: Date) in
                let command = try #require(try await outbox.claim(lease: .seconds(60), now: .now + 10).first)
                try await outbox.take(.finish(outcome), of: command, now: at)
            }
            let now = Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded())
            row.receivedAt = now
            #expect(try await leave(row, "revoked", now) == 1)
            #expect(try await leave(row, "expired", now) == 0, "it is ending already")
            try await end("nak:504", now)
            #expect(try await leave(row, "expired", now + Outbox.patience - 1) == 0)
            #expect(try await leave(row, "expired", now + Outbox.patience) == 1)
            try await end("silent", now + 1_000)
            #expect(try await leave(row, "expired", now + 10_000) == 0)
            row.receivedAt = now + 1_001
            #expect(try await leave(row, "expired", now + 10_000) == 1)
        }
    }

    @Test func `sessions are found by what names them, all of it`() async throws {
        try await Installation.with { here in
            let place = try await Place(here)
            let one = try await place.session(1, of: nil, name: "a")
            let two = try await place.session(2, of: nil, name: "a")
            let store = SessionStore(here.access)
            var criteria = SessionCriteria()
            criteria.userName = "a"
            #expect(
                try await Set(store.open(matching: criteria, limit: 9).map(\.sessionID)) == [
                    one.sessionID, two.sessionID,
                ])
            #expect(try await store.open(matching: criteria, limit: 1).count == 1)
            criteria.callingStation = two.callingStation
            #expect(try await store.open(matching: criteria, limit: 9).map(\.sessionID) == [two.sessionID])
            criteria.nas = []
            #expect(try await store.open(matching: criteria, limit: 9).isEmpty)
            criteria.nas = [place.nas]
            criteria.framedAddress = IPAddress("203.0.113.250")
            #expect(try await store.open(matching: criteria, limit: 9).isEmpty)
        }
    }

    @Test func `a session is shown with what was attempted, live or past`() async throws {
        try await Installation.with { here in
            let place = try await Place(here)
            let row = try await place.session(1, of: nil, name: "a")
            let outbox = Outbox(here.access)
            try await outbox.enqueue(
                [NewOutboxCommand(.disconnect, nas: place.nas, target: .session(row.sessionID))],
                of: place.organisation)
            let command = try #require(try await outbox.claim(lease: .seconds(60), now: .now + 10).first)
            let attempt = SessionAttempt(at: Installation.noon, method: .disconnect, result: "timeout")
            try await outbox.take(.finish("timeout"), of: command, attempt: attempt, now: Installation.noon)
            let store = SessionStore(here.owner)
            let found = try #require(try await store.inspect(row.sessionID))
            #expect((found.isPast, found.attempts, found.commands.map(\.outcome)) == (false, [attempt], ["timeout"]))
            #expect(try await store.inspect(UUID()) == nil)
        }
    }
}
