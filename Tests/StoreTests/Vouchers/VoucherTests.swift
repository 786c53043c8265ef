import Foundation
import Postgres
import Store
import Territory
import Testing

struct VoucherTests {
    private let noon = Installation.noon

    private func validity(_ organisation: OrganisationID, site: SiteID? = nil, devices: Int = 1) -> NewVoucher {
        NewVoucher(
            organisation: organisation, site: site, devices: devices, validFrom: noon - 3_600, validUntil: noon + 3_600)
    }

    @Test func `makes a batch whose codes are found again by their digests`() async throws {
        try await Installation.with { here in
            let (organisation, _) = try await here.commune("55001", slug: "mairie-a")
            let vouchers = Vouchers(here.owner, keys: here.keys)
            let made = try await vouchers.create(validity(organisation), count: 500)
            #expect(made.count == 500)
            #expect(Set(made.map(\.code)).count == 500)
            let found = try await vouchers.find(made.prefix(20).map(\.code) + [.random()], of: organisation)
            #expect(found.values.allSatisfy { $0.group == nil })
            #expect(found.mapValues(\.id) == Dictionary(uniqueKeysWithValues: made.prefix(20).map { ($0.code, $0.id) }))
        }
    }

    @Test func `refuses a batch of 0 or 10,001, and an end before the beginning`() async throws {
        try await Installation.with { here in
            let (organisation, _) = try await here.commune("55001", slug: "mairie-a")
            let vouchers = Vouchers(here.owner, keys: here.keys)
            for count in [0, 10_001] {
                await #expect(throws: StoreError(.invalid, "")) {
                    try await vouchers.create(validity(organisation), count: count)
                }
            }
            var backwards = validity(organisation)
            backwards.validUntil = backwards.validFrom
            await #expect(throws: StoreError(.invalid, "")) { try await vouchers.create(backwards) }
        }
    }

    @Test func `a phone with a new made-up address takes over from the one that fell silent`() async throws {
        try await Installation.with { here in
            let (organisation, site) = try await here.commune("55001", slug: "mairie-a")
            let voucher = try await Vouchers(here.owner, keys: here.keys).create(validity(organisation))
            let portal = Vouchers(here.portal, keys: here.keys)
            let redeem = { (device: UInt8, now: Date) in
                try await portal.redeem(
                    voucher.code, site: site, of: organisation, device: .documentation(device), now: now,
                    expiresAt: now + 7_200)
            }
            guard case .granted(let first) = try await redeem(1, noon) else {
                Issue.record("refused")
                return
            }
            #expect(try await redeem(2, noon + 899) == .refused(.devicesExhausted))
            // Heard of a minute ago, its session open: not silent.
            var session = SessionRow.sample(1, organisation: organisation, site: site, startedAt: noon)
            session.callingStation = MACAddress.documentation(1).description
            session.subject = .voucher(voucher.id)
            session.receivedAt = noon + 840
            _ = try await SessionStore(here.access).write([SessionWrite(previous: nil, row: session, usage: [])])
            #expect(try await redeem(2, noon + 900) == .refused(.devicesExhausted))
            guard case .granted(let second) = try await redeem(2, noon + 1_740) else {
                Issue.record("refused")
                return
            }
            #expect(second.grant.id != first.grant.id && second.grant.usageSubject == .voucher(voucher.id))
            #expect(
                try await here.count(
                    "SELECT count(*) FROM access.login_grant WHERE id = \(first.grant.id) AND revoked_at IS NOT NULL")
                    == 1, "the old address is forgotten with its grant")
            #expect(try await redeem(1, noon + 1_741) == .refused(.devicesExhausted))
        }
    }

    @Test func `lets the portal redeem a voucher, and the same device again with the same grant`() async throws {
        try await Installation.with { here in
            let (organisation, site) = try await here.commune("55001", slug: "mairie-a")
            let voucher = try await Vouchers(here.owner, keys: here.keys).create(validity(organisation))
            let portal = Vouchers(here.portal, keys: here.keys)
            let redeem = { (device: MACAddress?) in
                try await portal.redeem(
                    voucher.code, site: site, of: organisation, device: device, now: noon, expiresAt: noon + 7_200)
            }
            guard case .granted(let first) = try await redeem(.documentation(1)) else {
                Issue.record("refused")
                return
            }
            #expect(first.grant.usageSubject == .voucher(voucher.id))
            #expect(first.grant.expiresAt == noon + 3_600, "the voucher ends before the grant would")
            #expect(first.password.text == here.keys.grants.password(for: first.grant.login))
            #expect(try await redeem(.documentation(1)) == .granted(first))
            #expect(try await redeem(.documentation(2)) == .refused(.devicesExhausted))
            #expect(try await redeem(nil) == .refused(.devicesExhausted))
        }
    }

    @Test func `says why a voucher does not let in`() async throws {
        try await Installation.with { here in
            let (organisation, site) = try await here.commune("55001", slug: "mairie-a")
            let (other, otherSite) = try await here.commune("55002", slug: "mairie-b")
            let vouchers = Vouchers(here.owner, keys: here.keys)
            let portal = Vouchers(here.portal, keys: here.keys)
            let here55001 = try await vouchers.create(validity(organisation, site: site))
            let revoked = try await vouchers.create(validity(organisation))
            let revocation = try await vouchers.revoke([revoked.id], of: organisation, at: noon)
            #expect(revocation == .init(vouchers: 1, grants: 0, sessions: 0))
            let cases: [(VoucherCode, SiteID, OrganisationID, Date, Redemption.Refusal)] = [
                (.random(), site, organisation, noon, .unknown),
                (here55001.code, otherSite, other, noon, .unknown),
                (here55001.code, otherSite, organisation, noon, .otherSite),
                (here55001.code, site, organisation, noon - 3_601, .notYetValid),
                (here55001.code, site, organisation, noon + 3_600, .expired),
                (revoked.code, site, organisation, noon, .revoked),
            ]
            for (code, site, organisation, now, reason) in cases {
                for client in [vouchers, portal] {
                    let result = try await client.redeem(
                        code, site: site, of: organisation, device: .documentation(1), now: now, expiresAt: now + 60)
                    #expect(result == .refused(reason))
                }
            }
        }
    }

    @Test func `lets exactly one of two devices in that race for a voucher for one`() async throws {
        try await Installation.with { here in
            let (organisation, site) = try await here.commune("55001", slug: "mairie-a")
            let vouchers = try await Vouchers(here.owner, keys: here.keys).create(validity(organisation), count: 20)
            let portal = Vouchers(here.portal, keys: here.keys)
            for voucher in vouchers {
                let results = try await withThrowingTaskGroup(of: Redemption.self) { group in
                    for device in 1...2 {
                        group.addTask {
                            try await portal.redeem(
                                voucher.code, site: site, of: organisation, device: .documentation(UInt8(device)),
                                now: noon, expiresAt: noon + 60)
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(results.count { if case .granted = $0 { true } else { false } } == 1)
                #expect(results.contains(.refused(.devicesExhausted)))
            }
        }
    }

    @Test func `takes back a voucher with its grants and disconnects its live sessions`() async throws {
        try await Installation.with { here in
            let (organisation, site) = try await here.commune("55001", slug: "mairie-a")
            let nas = try await NASDirectory(here.owner, keys: here.keys)
                .add(NewNAS(name: "gw", profile: "coovachilli", identifier: "gw-a"), to: site)
            let voucher = try await Vouchers(here.owner, keys: here.keys).create(validity(organisation, devices: 2))
            guard
                case .granted(let issued) = try await Vouchers(here.portal, keys: here.keys).redeem(
                    voucher.code, site: site, of: organisation, device: .documentation(1), now: noon,
                    expiresAt: noon + 600)
            else {
                Issue.record("refused")
                return
            }
            var session = SessionRow.sample(1, nas: nas.id, organisation: organisation, site: site)
            session.subject = issued.grant.usageSubject
            _ = try await SessionStore(here.access).write([SessionWrite(previous: nil, row: session)])
            let revocation = try await Vouchers(here.owner, keys: here.keys)
                .revoke([voucher.id], of: organisation, at: noon + 1)
            #expect(revocation == .init(vouchers: 1, grants: 1, sessions: 1))
            let commands = try await Outbox(here.access).claim(lease: .seconds(30), now: .now + 1)
            #expect(commands.map(\.kind) == [.disconnect])
            #expect(commands.first?.session?.sessionID == session.sessionID)
            let again = try await Vouchers(here.owner, keys: here.keys).revoke([voucher.id], of: organisation, at: noon)
            #expect(again == .init(vouchers: 0, grants: 0, sessions: 0))
        }
    }
}
