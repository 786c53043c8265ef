import AccessService
import Foundation
import Postgres
import RADIUS
import Store
import Territory
import Testing

/// What a package allows, as a NAS and a visitor meet it.
@Suite struct RightsTests {
    private func reason(_ reply: Packet?) -> String? { reply?.first(.replyMessage)?.text }

    @Test func `a daily volume that is used up on one device refuses the next login by name`() async throws {
        try await Deployment.with(adjust: { $0["daily_octets"] = 1_000_000 }) { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let login = try Gateway(deployment.authenticationPort)
            #expect(try await login.login(code, code)?.code == .accessAccept)
            let accounting = try Gateway(deployment.accountingPort)
            #expect(
                try await accounting.account(.stop, "s1", name: code, seconds: 60, input: 400_000, output: 600_000)
                    != nil)
            #expect(reason(try await login.login(code, code)) == RefusalReason.dailyVolumeUsed.rawValue)
        }
    }

    @Test func `as many devices as allowed connect, the next is refused until one has gone`() async throws {
        try await Deployment.with { deployment in
            let code = try await deployment.ground.voucher(devices: 1).code.canonical
            let login = try Gateway(deployment.authenticationPort)
            let accounting = try Gateway(deployment.accountingPort)
            let first = [Attribute(.callingStationID, text: "02-00-5E-00-53-01")]
            let second = [Attribute(.callingStationID, text: "02:00:5e:00:53:02")]
            #expect(try await accounting.account(.start, "s1", name: code) != nil)
            #expect(try await login.login(code, code, attributes: first)?.code == .accessAccept)
            #expect(
                reason(try await login.login(code, code, attributes: second)) == RefusalReason.tooManyDevices.rawValue)
            #expect(try await accounting.account(.stop, "s1", name: code, seconds: 60) != nil)
            #expect(try await login.login(code, code, attributes: second)?.code == .accessAccept)
        }
    }

    @Test func `of two devices let in before either one's Start, the second is refused until the first has gone`()
        async throws
    {
        try await Deployment.with { deployment in
            let code = try await deployment.ground.voucher(devices: 1).code.canonical
            let login = try Gateway(deployment.authenticationPort)
            let accounting = try Gateway(deployment.accountingPort)
            let first = [Attribute(.callingStationID, text: "02-00-5E-00-53-01")]
            let second = [Attribute(.callingStationID, text: "02:00:5e:00:53:02")]
            #expect(try await login.login(code, code, attributes: first)?.code == .accessAccept)
            #expect(
                reason(try await login.login(code, code, attributes: second)) == RefusalReason.tooManyDevices.rawValue)
            #expect(try await login.login(code, code, attributes: first)?.code == .accessAccept)
            #expect(try await accounting.account(.start, "s1", name: code) != nil)
            #expect(try await accounting.account(.stop, "s1", name: code, seconds: 1) != nil)
            #expect(try await login.login(code, code, attributes: second)?.code == .accessAccept)
        }
    }

    @Test func `a quota of the week that is used up throttles where the package says so`() async throws {
        try await Deployment.with(adjust: { rights in
            rights["weekly_octets"] = 1_000_000
            rights["when_exhausted"] = "throttle"
            rights["throttle_down_bits_per_second"] = 500_000
            rights["throttle_up_bits_per_second"] = 64_000
        }) { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let login = try Gateway(deployment.authenticationPort)
            let down = { (reply: Packet?) in
                reply?.attributes.first { $0.type == .vendorSpecific && $0.value.starts(with: [0, 0, 0x37, 0x2a, 8]) }
                    .map { $0.value.suffix(4).reduce(0) { $0 << 8 | UInt32($1) } }
            }
            #expect(down(try await login.login(code, code)) == 20_000_000)
            let accounting = try Gateway(deployment.accountingPort)
            #expect(
                try await accounting.account(.stop, "s1", name: code, seconds: 60, input: 400_000, output: 600_000)
                    != nil)
            #expect(down(try await login.login(code, code)) == 500_000)
        }
    }

    @Test func `an account in a group gets its VLAN, and a device with a key of its own the key`() async throws {
        try await Deployment.with(nas: .loopback(profile: "hostapd"), groups: ["lodgers": ["vlan": 30]]) { deployment in
            let ground = deployment.ground
            let account = try await Accounts(ground.owner).create(
                login: "alice", passwordHash: Secret(text: AccountLoginTests.yescrypt("fontaine")),
                of: ground.organisation, group: "lodgers")
            let gateway = try Gateway(deployment.authenticationPort)
            let reply = try #require(try await gateway.login("alice", "fontaine"))
            #expect(reply.first(.tunnelType)?.value == [0, 0, 0, 13])
            #expect(reply.first(.tunnelMediumType)?.value == [0, 0, 0, 6])
            #expect(reply.first(.tunnelPrivateGroupID)?.text == "30")
            #expect(reply.first(.tunnelPassword) == nil)
            let device = "02-00-5E-00-53-21"
            let station = [Attribute(.callingStationID, text: device)]
            #expect(reason(try await gateway.login(device, device, attributes: station)) == "device-unknown")
            let made = try await WiFiKeys(ground.owner, keys: ground.keys).create(
                NewWiFiKey(account: account.id, device: MACAddress(device)), of: ground.organisation)
            var accepted: Packet?
            try await eventually {
                accepted = try await gateway.login(device, device, attributes: station)
                return accepted?.code == .accessAccept
            }
            #expect(accepted?.first(.tunnelPrivateGroupID)?.text == "30")
            #expect(accepted?.first(.tunnelPassword)?.value.count == 1 + 2 + 32, "salted")
            try await WiFiKeys(ground.owner, keys: ground.keys).revoke(made.key.id, of: ground.organisation, at: Date())
            try await eventually {
                reason(try await gateway.login(device, device, attributes: station)) == "device-unknown"
            }
        }
    }

    @Test func `a site that an operator closes refuses within a second`() async throws {
        try await Deployment.with { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let login = try Gateway(deployment.authenticationPort)
            #expect(try await login.login(code, code)?.code == .accessAccept)
            _ = try await Sites(deployment.ground.owner, keys: deployment.ground.keys).close(deployment.ground.site)
            try await eventually {
                reason(try await login.login(code, code)) == RefusalReason.siteClosed.rawValue
            }
        }
    }

    @Test func `attributes follow the NAS's equipment`() async throws {
        try await Deployment.with(nas: .loopback(profile: "mikrotik")) { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let login = try Gateway(deployment.authenticationPort)
            let reply = try #require(try await login.login(code, code))
            let limits = reply.attributes.filter {
                $0.type == .vendorSpecific && $0.value.starts(with: [0, 0, 0x3a, 0x8c])
            }
            #expect(
                limits.contains {
                    $0.value[4] == 8 && String(decoding: $0.value[6...], as: UTF8.self) == "10000000/20000000"
                })
        }
    }

    @Test func `a clock that is stepped back keeps serving, and a right that has ended stays ended`() async throws {
        let clock = SteppedClock()
        try await Deployment.with(clock: clock.clock) { deployment in
            let code = try await deployment.ground.voucher(validFor: 600).code.canonical
            let login = try Gateway(deployment.authenticationPort)
            #expect(try await login.login(code, code)?.code == .accessAccept)
            clock.step(by: 1200)
            #expect(reason(try await login.login(code, code)) == RefusalReason.expired.rawValue)
            clock.step(by: -1200)
            #expect(try await login.login(code, code)?.code == .accessAccept)
            clock.step(by: -3 * 86_400)
            #expect(reason(try await login.login(code, code)) == RefusalReason.notYetValid.rawValue)
            let accounting = try Gateway(deployment.accountingPort)
            #expect(try await accounting.account(.start, "s1", name: code)?.code == .accountingResponse)
        }
    }

    @Test func `the last day that an account was used is remembered`() async throws {
        try await Deployment.with(configure: { $0.maintenanceInterval = .milliseconds(200) }) { deployment in
            let ground = deployment.ground
            _ = try await Accounts(ground.owner).create(
                login: "agent", passwordHash: Secret(text: AccountLoginTests.yescrypt("fontaine")),
                of: ground.organisation)
            let login = try Gateway(deployment.authenticationPort)
            #expect(try await login.login("agent", "fontaine")?.code == .accessAccept)
            try await eventually {
                try await ground.count("SELECT count(*) FROM identity.account WHERE last_seen_on IS NOT NULL") == 1
            }
        }
    }
}
