import AccessService
import Foundation
import Postgres
import RADIUS
import Store
import Territory
import Testing

/// Sessions whose right ends while they go on, at a NAS that does not end them by itself.
@Suite struct RightsWatcherTests {
    private func connect(
        _ deployment: Deployment, _ name: String, _ session: String = "sess-1", station: String = "02-00-5E-00-53-01"
    ) async throws {
        let accounting = try Gateway(deployment.accountingPort)
        #expect(try await accounting.account(.start, session, name: name, station: station) != nil)
    }

    private func reasons(_ deployment: Deployment) async throws -> [String] {
        try await deployment.ground.owner.query("SELECT command || ' ' || reason FROM access.outbox ORDER BY id")
            .decode(String.self)
    }

    private func quick(_ configuration: inout AccessConfiguration) {
        configuration.rightsInterval = .milliseconds(50)
        configuration.maintenanceInterval = .milliseconds(100)
    }

    @Test func `a quota that is used up ends the sessions of all devices, once each`() async throws {
        let listener = try CommandListener()
        try await Deployment.with(
            nas: .loopback(coaPort: Int(listener.port)), configure: quick, adjust: { $0["daily_octets"] = 1_000_000 }
        ) { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            try await connect(deployment, code, "phone")
            try await connect(deployment, code, "laptop", station: "02-00-5E-00-53-02")
            let accounting = try Gateway(deployment.accountingPort)
            #expect(try await accounting.account(.interim, "phone", seconds: 60, input: 600_000) != nil)
            #expect(
                try await accounting.account(
                    .interim, "laptop", seconds: 60, input: 399_999, station: "02-00-5E-00-53-02") != nil)
            #expect(try await accounting.account(.interim, "phone", seconds: 120, input: 900_000) != nil)
            for _ in 0..<2 {
                let (request, peer) = try #require(await listener.receive())
                #expect(request[0] == 40)
                listener.answer(request, 41, [], to: peer)
            }
            #expect(try await accounting.account(.interim, "phone", seconds: 180, input: 700_000) != nil)
            #expect(
                try await reasons(deployment) == [
                    "disconnect daily-volume-used", "disconnect daily-volume-used",
                ])
        }
    }

    @Test func `a package that throttles changes the session, once`() async throws {
        let listener = try CommandListener()
        try await Deployment.with(
            nas: .loopback(coaPort: Int(listener.port)), configure: quick,
            adjust: { rights in
                rights["daily_octets"] = 1_000_000
                rights["when_exhausted"] = "throttle"
                rights["throttle_down_bits_per_second"] = 64_000
            }
        ) { deployment in
            try await connect(deployment, try await deployment.ground.voucher().code.canonical)
            let accounting = try Gateway(deployment.accountingPort)
            #expect(try await accounting.account(.interim, "sess-1", seconds: 60, input: 1_000_000) != nil)
            let (request, peer) = try #require(await listener.receive())
            #expect(request[0] == 43)
            #expect(
                attributes(of: request).contains {
                    $0.type == 26 && $0.value == [0, 0, 0x37, 0x2a, 8, 6, 0, 0, 0xfa, 0]
                }, "WISPr-Bandwidth-Max-Down")
            listener.answer(request, 44, [], to: peer)
            try await eventually {
                try await deployment.ground.count(
                    "SELECT count(*) FROM access.outbox WHERE done_at IS NOT NULL AND outcome = 'ack'") == 1
            }
            #expect(try await accounting.account(.interim, "sess-1", seconds: 120, input: 3_000_000) != nil)
            #expect(try await reasons(deployment) == ["coa daily-volume-used"])
        }
    }

    @Test func `the CoA that throttles takes away the limit of volume that the Accept carried`() async throws {
        let listener = try CommandListener()
        try await Deployment.with(
            nas: .loopback(profile: "mikrotik", coaPort: Int(listener.port)), configure: quick,
            adjust: { rights in
                rights["daily_octets"] = 1_000_000
                rights["when_exhausted"] = "throttle"
                rights["throttle_down_bits_per_second"] = 64_000
            }
        ) { deployment in
            let limit = { (octets: [UInt8]) in [0, 0, 0x3a, 0x8c, 17, 6] + octets }
            let code = try await deployment.ground.voucher().code.canonical
            let accept = try await Gateway(deployment.authenticationPort).login(code, code)
            #expect(accept?.all(.vendorSpecific).contains { $0.value == limit([0, 0x0f, 0x42, 0x40]) } == true)
            try await connect(deployment, code)
            let accounting = try Gateway(deployment.accountingPort)
            #expect(try await accounting.account(.interim, "sess-1", seconds: 60, input: 1_000_000) != nil)
            let (request, peer) = try #require(await listener.receive())
            #expect(request[0] == 43)
            let vendors = attributes(of: request).filter { $0.type == 26 }.map(\.value)
            #expect(vendors.contains(limit([255, 255, 255, 255])), "Mikrotik-Total-Limit")
            #expect(vendors.contains([0, 0, 0x3a, 0x8c, 18, 6, 0, 0x0f, 0xff, 0xff]), "Mikrotik-Total-Limit-Gigawords")
            listener.answer(request, 44, [], to: peer)
            try await eventually {
                try await deployment.ground.count("SELECT count(*) FROM access.outbox WHERE outcome = 'ack'") == 1
            }
        }
    }

    @Test func `a voucher whose term is over ends by the sweep, a minute late`() async throws {
        let listener = try CommandListener()
        let clock = SteppedClock()
        try await Deployment.with(
            nas: .loopback(coaPort: Int(listener.port)), configure: quick, clock: clock.clock
        ) { deployment in
            let voucher = try await deployment.ground.voucher(validFor: 600)
            try await connect(deployment, voucher.code.canonical)
            clock.step(by: 665)
            let (request, _) = try #require(await listener.receive())
            #expect(request[0] == 40)
            #expect(try await reasons(deployment) == ["disconnect expired"])
        }
    }

    @Test func `a grant that is taken back ends its device's session at once, and no other of its voucher`()
        async throws
    {
        let listener = try CommandListener()
        try await Deployment.with(nas: .loopback(coaPort: Int(listener.port)), configure: quick) { deployment in
            let ground = deployment.ground
            let voucher = try await ground.voucher()
            let redeemed = try await Vouchers(ground.owner, keys: ground.keys).redeem(
                voucher.code, site: ground.site, of: ground.organisation,
                device: MACAddress("02:00:5e:00:53:02"), now: Date(), expiresAt: Date(timeIntervalSinceNow: 3_000))
            guard case .granted(let issued) = redeemed else {
                Issue.record("\(redeemed)")
                return
            }
            try await connect(deployment, voucher.code.canonical, "phone")
            try await connect(deployment, issued.grant.login, "laptop", station: "02-00-5E-00-53-02")
            try await Grants(ground.owner, keys: ground.keys).revoke(
                issued.grant.id, of: ground.organisation, at: Date())
            let (request, _) = try #require(await listener.receive())
            #expect(attributes(of: request).contains { $0.type == 44 && $0.value == Array("laptop".utf8) })
            #expect(try await reasons(deployment) == ["disconnect revoked"])
        }
    }

    @Test func `a device that authenticates by its address goes when its grant does`() async throws {
        let listener = try CommandListener()
        try await Deployment.with(nas: .loopback(coaPort: Int(listener.port)), configure: quick) { deployment in
            let ground = deployment.ground
            let device = try #require(MACAddress("02:00:5e:00:53:01"))
            let issued = try await Grants(ground.owner, keys: ground.keys).issueClickThrough(
                site: ground.site, of: ground.organisation, device: device, now: Date(),
                expiresAt: Date(timeIntervalSinceNow: 3_000))
            try await connect(deployment, "02005e005301")
            #expect(try await reasons(deployment).isEmpty)
            try await Grants(ground.owner, keys: ground.keys).revoke(
                issued.grant.id, of: ground.organisation, at: Date())
            #expect(await listener.receive() != nil)
            #expect(try await reasons(deployment) == ["disconnect revoked"])
        }
    }
}
