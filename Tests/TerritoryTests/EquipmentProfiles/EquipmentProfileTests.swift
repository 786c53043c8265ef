import Foundation
import Testing

@testable import Territory

/// The repository's `config` directory.
let configuration = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("config")

struct EquipmentProfileTests {
    private let now = Date(timeIntervalSince1970: 1_785_487_200)
    private let session = SessionIdentity(
        userName: "g.abc", acctSessionID: "80000001", callingStation: "02:00:5e:00:00:01", calledStation: "hotspot1",
        framedAddress: IPAddress(v4: 0x0A00_0001), nasPort: 5, nasIdentifier: "gw1")
    private let limited = Allowance(
        sessionTimeoutSeconds: 3_601, idleTimeoutSeconds: 600, interimSeconds: 300, remainingOctets: 5_000_000_000,
        rateDownBitsPerSecond: 20_000_001, rateUpBitsPerSecond: 10_000_000,
        endsAt: Date(timeIntervalSince1970: 1_785_490_801), endsAtOffsetSeconds: 7_200)

    private func profile(_ name: String) throws -> EquipmentProfile {
        let library = try EquipmentLibrary.load(directory: configuration.appendingPathComponent("equipment"))
        #expect(library.faults == [])
        return try library.profile(named: name)
    }

    private func lines(_ attributes: [ProfileAttribute]?) -> [String] { attributes?.map(\.description) ?? ["none"] }

    @Test func `the profiles that ship are these, without fault`() throws {
        let library = try EquipmentLibrary.load(directory: configuration.appendingPathComponent("equipment"))
        #expect(library.faults == [])
        #expect(
            library.names == ["aruba", "cisco-wlc", "coovachilli", "hostapd", "mikrotik", "opennds", "wispr"])
        #expect(
            library.names.compactMap { library.profiles[$0]?.handoff } == [
                .macCoA, .macCoA, .uam, .macCoA, .uam, .openNDSFAS, .uam,
            ])
        #expect(library.profiles.values.filter(\.swapOctets).map(\.name) == ["coovachilli"])
    }

    @Test func `MikroTik gets its rate as rx/tx and its quota in two words`() throws {
        #expect(
            lines(try profile("mikrotik").acceptAttributes(for: limited)) == [
                "Session-Timeout = 3601", "Idle-Timeout = 600", "Acct-Interim-Interval = 300",
                "Mikrotik-Rate-Limit = 10000000/20000001", "Mikrotik-Total-Limit = 705032704",
                "Mikrotik-Total-Limit-Gigawords = 1",
            ])
    }

    @Test func `CoovaChilli gets kbit/s, rounded up`() throws {
        #expect(
            lines(try profile("coovachilli").acceptAttributes(for: limited)) == [
                "Session-Timeout = 3601", "Idle-Timeout = 600", "Acct-Interim-Interval = 300",
                "ChilliSpot-Bandwidth-Max-Down = 20001", "ChilliSpot-Bandwidth-Max-Up = 10000",
                "ChilliSpot-Max-Total-Octets = 705032704", "ChilliSpot-Max-Total-Gigawords = 1",
                "WISPr-Session-Terminate-Time = 2026-07-31T11:40:01+02:00",
            ])
    }

    @Test func `WISPr gets bit/s and local time`() throws {
        #expect(
            lines(try profile("wispr").acceptAttributes(for: limited)).suffix(3) == [
                "WISPr-Bandwidth-Max-Down = 20000001", "WISPr-Bandwidth-Max-Up = 10000000",
                "WISPr-Session-Terminate-Time = 2026-07-31T11:40:01+02:00",
            ])
        var west = limited
        west.endsAtOffsetSeconds = -(3 * 3_600 + 1_800)
        #expect(
            lines(try profile("wispr").acceptAttributes(for: west)).last
                == "WISPr-Session-Terminate-Time = 2026-07-31T06:10:01-03:30")
    }

    @Test func `openNDS gets minutes, kbit/s and kilobytes, never less than one`() throws {
        #expect(
            lines(try profile("opennds").fasParameters(for: limited)) == [
                "sessionlength = 61", "uploadrate = 10000", "downloadrate = 20001", "uploadquota = 4882813",
                "downloadquota = 4882813",
            ])
        let least = Allowance(sessionTimeoutSeconds: 1, remainingOctets: 1, endsAt: now)
        #expect(
            lines(try profile("opennds").fasParameters(for: least)) == [
                "sessionlength = 1", "uploadquota = 1", "downloadquota = 1",
            ])
        #expect(try profile("mikrotik").fasParameters(for: limited) == [])
    }

    @Test func `leaves out what is not limited, and cuts to 32 bits what does not fit`() throws {
        let open = Allowance(sessionTimeoutSeconds: 60, endsAt: now)
        #expect(
            lines(try profile("mikrotik").acceptAttributes(for: open)) == [
                "Session-Timeout = 60", "Acct-Interim-Interval = 300",
            ])
        var oneWay = open
        oneWay.rateDownBitsPerSecond = 1_000
        #expect(lines(try profile("mikrotik").acceptAttributes(for: oneWay)).last == "Mikrotik-Rate-Limit = 0/1000")
        var huge = limited
        huge.rateDownBitsPerSecond = .max
        huge.remainingOctets = .max
        #expect(
            lines(try profile("wispr").acceptAttributes(for: huge)).contains("WISPr-Bandwidth-Max-Down = 4294967295"))
        #expect(
            lines(try profile("mikrotik").acceptAttributes(for: huge)).suffix(2) == [
                "Mikrotik-Total-Limit = 4294967295", "Mikrotik-Total-Limit-Gigawords = 2147483647",
            ])
    }

    @Test func `a group's VLAN and role go to equipment that knows them, and the type of a tunnel never goes alone`()
        throws
    {
        var given = Allowance(sessionTimeoutSeconds: 60, endsAt: now, vlan: 20, role: "staff")
        let tunnel = ["Tunnel-Type = VLAN", "Tunnel-Medium-Type = IEEE-802", "Tunnel-Private-Group-Id = 20"]
        #expect(lines(try profile("hostapd").acceptAttributes(for: given)).suffix(3) == tunnel)
        #expect(lines(try profile("wispr").acceptAttributes(for: given)).suffix(4) == tunnel + ["Filter-Id = staff"])
        #expect(
            lines(try profile("mikrotik").acceptAttributes(for: given)).suffix(3) == [
                "Mikrotik-Group = staff", "Mikrotik-Wireless-VLANID = 20", "Mikrotik-Wireless-VLANID-Type = 802.1q",
            ])
        #expect(
            lines(try profile("aruba").acceptAttributes(for: given)).suffix(2) == [
                "Aruba-User-Role = staff", "Aruba-User-Vlan = 20",
            ])
        #expect(
            lines(try profile("cisco-wlc").acceptAttributes(for: given)).suffix(4)
                == tunnel + ["Cisco-AVPair = role=staff"])
        (given.vlan, given.role) = (nil, nil)
        for name in ["hostapd", "wispr", "mikrotik", "aruba", "cisco-wlc"] {
            let text = lines(try profile(name).acceptAttributes(for: given)).joined()
            #expect(!text.contains("Tunnel") && !text.contains("VLAN") && !text.contains("Group"), "\(name)")
        }
    }

    @Test func `a device's WPA key goes to equipment that asks for it, and is in no description`() throws {
        var given = Allowance(sessionTimeoutSeconds: 60, endsAt: now, psk: WiFiKey.passphrase("correct horse"))
        let hostapd = try #require(profile("hostapd").acceptAttributes(for: given).last)
        #expect(hostapd.name == "Tunnel-Password" && hostapd.value == "correct horse" && hostapd.isSecret)
        #expect(hostapd.description == "Tunnel-Password = <secret>")
        #expect(try profile("mikrotik").acceptAttributes(for: given).last?.name == "Mikrotik-Wireless-PSK")
        #expect(try profile("aruba").acceptAttributes(for: given).last?.name == "Aruba-MPSK-Passphrase")
        let cisco = try profile("cisco-wlc").acceptAttributes(for: given).suffix(2)
        #expect(cisco.map(\.value) == ["psk-mode=ascii", "psk=correct horse"])
        #expect(cisco.map(\.isSecret) == [false, true])
        #expect(!given.json.contains("horse") && !"\(given)".contains("horse"))
        #expect(try Allowance(json: given.json).psk == nil)
        given.psk = nil
        #expect(try !profile("hostapd").acceptAttributes(for: given).map(\.name).contains("Tunnel-Password"))
    }

    @Test func `names a session to each vendor as that vendor wants (packetfence#7703)`() throws {
        let stamp = "Event-Timestamp = 1785487200"
        #expect(
            lines(try profile("mikrotik").disconnectAttributes(for: session, now: now)) == [
                "User-Name = g.abc", "Acct-Session-Id = 80000001", "Framed-IP-Address = 10.0.0.1", stamp,
            ])
        #expect(
            lines(try profile("coovachilli").disconnectAttributes(for: session, now: now)) == [
                "User-Name = g.abc", "Acct-Session-Id = 80000001", stamp,
            ])
        #expect(
            lines(try profile("hostapd").disconnectAttributes(for: session, now: now)) == [
                "User-Name = g.abc", "Acct-Session-Id = 80000001", "Calling-Station-Id = 02-00-5E-00-00-01",
                "NAS-Identifier = gw1", stamp,
            ])
        #expect(try profile("opennds").disconnectAttributes(for: session, now: now) == nil)
    }

    @Test func `does not ask what names no session`() throws {
        #expect(try profile("hostapd").disconnectAttributes(for: .init(nasIdentifier: "gw1"), now: now) == nil)
        #expect(try profile("mikrotik").disconnectAttributes(for: .init(callingStation: "x"), now: now) == nil)
    }

    @Test func `changes a session only where the equipment can`() throws {
        #expect(try profile("hostapd").changeAttributes(for: session, allowance: limited, now: now) == nil)
        let change = lines(try profile("mikrotik").changeAttributes(for: session, allowance: limited, now: now))
        #expect(change.first == "User-Name = g.abc" && change.last == "Mikrotik-Total-Limit-Gigawords = 1")
    }

    @Test(arguments: [
        ("mikrotik", ["Mikrotik-Total-Limit = 4294967295", "Mikrotik-Total-Limit-Gigawords = 1048575"], true),
        ("coovachilli", ["ChilliSpot-Max-Total-Octets = 0", "ChilliSpot-Max-Total-Gigawords = 0"], true),
        ("wispr", [], true), ("aruba", [], false), ("cisco-wlc", [], false), ("hostapd", [], false),
        ("opennds", [], false),
    ])
    func `a CoA that throttles takes away the limit that the Accept carried, and no other CoA does`(
        name: String, lifting: [String], slows: Bool
    ) throws {
        let profile = try profile(name)
        #expect(profile.slowsSessions == slows)
        let isVolume = { (line: String) in line.contains("Total") }
        let change = { (allowance: Allowance) in
            lines(profile.changeAttributes(for: session, allowance: allowance, now: now)).filter(isVolume)
        }
        var throttled = limited
        (throttled.remainingOctets, throttled.exhausted) = (nil, .dailyVolumeUsed)
        #expect(change(throttled) == lifting)
        throttled.exhausted = nil
        #expect(change(throttled) == [], "a change that knows of no quota leaves the limit alone")
        #expect(change(limited).count == lifting.count && Set(change(limited)).isDisjoint(with: lifting))
        // Every limit of volume that an Accept of this profile has.
        #expect(profile.acceptAttributes(for: limited).map(\.description).filter(isVolume).count == lifting.count)
    }

    @Test func `equipment whose limit cannot be taken away is not slowed down by CoA`() throws {
        let limit = "{attribute: Mikrotik-Total-Limit, from: remaining_octets, as: low_word"
        let text = { (lifted: String) in
            """
            profile: x
            title: X
            handoff: uam
            accept: [\(limit)}]
            coa:
              port: 3799
              methods: [disconnect, coa]
              identify: [User-Name]
              change: [{attribute: Mikrotik-Rate-Limit, from: rates}, \(limit)\(lifted)}]
              reauthenticate: disconnect
            """
        }
        let read = { (lifted: String) in try EquipmentProfile.read(text(lifted), name: "x", file: "x.yaml").get() }
        #expect(try !read("").slowsSessions)
        #expect(try read(", lifted: \"0\"").slowsSessions)
    }

    @Test func `what lifts a limit goes with a limit of volume in a change`() {
        for (place, rule) in [
            ("accept", "{attribute: A, from: remaining_octets, lifted: \"0\"}"),
            ("accept", "{attribute: A, value: x, lifted: \"0\"}"),
            ("accept", "{attribute: A, from: rates, lifted: \"0\"}"),
        ] {
            let text = "profile: x\ntitle: X\nhandoff: uam\n\(place): [\(rule)]\n"
            guard case .failure(let faults) = EquipmentProfile.read(text, name: "x", file: "x.yaml") else {
                Issue.record("\(rule) was taken")
                continue
            }
            let told = faults.faults.map(\.description)
            #expect(told.count == 1)
            #expect(told.allSatisfy { $0.hasPrefix("x.yaml:4:") && $0.contains("accept[0].lifted:") })
        }
    }

    @Test func `makes a device authenticate again by disconnecting it`() throws {
        let device = SessionIdentity(device: try #require(MACAddress("02:00:5e:00:00:01")))
        let request = try #require(try profile("hostapd").reauthenticateRequest(for: device, now: now))
        #expect(request.method == .disconnect)
        #expect(lines(request.attributes).first == "Calling-Station-Id = 02-00-5E-00-00-01")
        #expect(try profile("opennds").reauthenticateRequest(for: device, now: now) == nil)
    }

    private func commanded(_ coa: String) throws -> EquipmentProfile {
        let head = "profile: x\ntitle: X\nhandoff: mac-coa\ncoa:\n  port: 1700\n  identify: [Calling-Station-Id]\n"
        let text = head + coa
        return try EquipmentProfile.read(text, name: "x", file: "x.yaml").get()
    }

    @Test func `makes a device authenticate again by a CoA in the words of its make`() throws {
        let profile = try commanded(
            """
              methods: [coa]
              reauthenticate: coa
              reauthentication: [{attribute: Cisco-AVPair, value: "subscriber:command=reauthenticate"}]
            """)
        let device = SessionIdentity(device: try #require(MACAddress("02:00:5e:00:00:01")))
        let request = try #require(profile.reauthenticateRequest(for: device, now: now))
        #expect(request.method == .coa)
        #expect(
            lines(request.attributes) == [
                "Calling-Station-Id = 02-00-5E-00-00-01", "Event-Timestamp = 1785487200",
                "Cisco-AVPair = subscriber:command=reauthenticate",
            ])
    }

    @Test(arguments: [
        ("reauthenticate: coa", "is missing: the attributes by which a CoA asks for it"),
        ("reauthentication: [{attribute: Cisco-AVPair, value: x}]", "needs reauthenticate: coa"),
        (
            "reauthenticate: coa\n  reauthentication: [{attribute: Session-Timeout, from: session_timeout}]",
            "takes constants alone: attribute and value"
        ),
    ])
    func `a CoA for authentication has its words, and only it has`(coa: String, fault: String) throws {
        let error = #expect(throws: DocumentFaults.self) { try commanded("  methods: [coa]\n  \(coa)\n") }
        #expect(error?.faults.map(\.message) == [fault])
        #expect(error?.faults.map(\.keyPath) == ["coa.reauthentication"])
    }

    @Test func `takes its identity from a stored session`() throws {
        let row = try #require(SessionLedger([SessionFixture.record(.start, event: 0)]).row)
        let identity = SessionIdentity(row, nasIdentifier: "gw1")
        #expect(identity.userName == "g.abc" && identity.framedAddress == IPAddress("10.0.0.1"))
    }

    @Test func `tells every fault of a profile at once, with its line and key`() throws {
        let text = """
            profile: other
            handoff: telepathy
            swap_octets: perhaps
            calling_station: XX
            accept:
              - {attribute: Session-Timeout, from: session_timeout, as: kilobits}
              - {attribute: X, from: session_timeout, value: "1"}
              - {from: rates}
              - {attribute: Y}
            coa:
              port: 70000
              methods: [disconnect]
              identify: []
              change:
                - {attribute: Session-Timeout, from: session_timeout}
              reauthenticate: coa
              colour: red
            """
        guard case .failure(let failure) = EquipmentProfile.read(text, name: "x", file: "x.yaml") else {
            Issue.record("accepted")
            return
        }
        let places = failure.faults.map { "\($0.line) \($0.keyPath)" }.sorted()
        #expect(
            places == [
                "1 profile", "1 title", "11 coa.port", "13 coa.identify", "15 coa.change", "16 coa.reauthenticate",
                "17 coa.colour", "2 handoff", "3 swap_octets", "4 calling_station", "6 accept[0].as",
                "7 accept[1].value",
                "8 accept[2].attribute", "9 accept[3].from",
            ])
    }

    @Test func `names what there is when a profile is asked for that there is not`() throws {
        let library = try EquipmentLibrary.load(directory: configuration.appendingPathComponent("equipment"))
        let error = #expect(throws: TerritoryError(.unknownName)) { try library.profile(named: "cisco") }
        #expect(error?.context.contains("mikrotik") == true)
        #expect(throws: TerritoryError(.unreadable)) {
            try EquipmentLibrary.load(directory: configuration.appendingPathComponent("nowhere"))
        }
    }
}
