import NetworkLogs
import Testing

@Suite struct LeaseFileTests {
    private let readAt: Int64 = 1_795_300_805_000

    private func read(_ text: String, _ format: LeaseFile.Format) -> [String] {
        var found: [String] = []
        Array(text.utf8).withUnsafeBytes { raw in
            LeaseFile.read(raw, format: format, readAt: readAt) { outcome, offset in
                found.append("\(offset): " + EventText.describe(outcome))
            }
        }
        return found
    }

    @Test func `reads dnsmasq's leases, and says which lines are none`() {
        #expect(
            read(FixtureFolder.text("dnsmasq.leases"), .dnsmasq) == [
                "0: leaseGranted 2026-11-21T22:40:05.000Z[reception] private=10.66.0.100 end=2026-11-21T22:50:01.000Z mac=02:00:5e:00:00:01",
                "80: leaseGranted 2026-11-21T22:40:05.000Z[reception] private=10.66.0.101 mac=02:00:5e:00:00:02",
                "116: malformed address at 145",
                "161: malformed time at 161",
                "201: ignored incomplete_lease",
                "249: ignored empty",
                "296: leaseGranted 2026-11-21T22:40:05.000Z[reception] private=2001:db8::100 end=2026-11-21T22:50:01.000Z mac=02:00:5e:00:00:01",
                "374: malformed time at 374",
            ])
    }

    @Test func `reads Kea's memfile by its titles`() {
        #expect(
            read(FixtureFolder.text("kea4.leases"), .keaCSV) == [
                "0: ignored empty",
                "111: leaseGranted 2026-11-21T22:40:01.000Z private=10.0.10.50 end=2026-11-21T23:40:01.000Z mac=02:bb:cc:dd:ee:01",
                "183: leaseReleased 2026-11-21T22:40:05.000Z[reception] private=10.0.10.60 mac=02:bb:cc:dd:ee:03",
                "241: leaseDeclined 2026-11-21T22:40:05.000Z[reception] private=10.0.10.70 mac=02:bb:cc:dd:ee:04",
                "303: leaseExpired 2026-11-21T23:40:01.000Z private=10.0.10.71 start=2026-11-21T22:40:01.000Z mac=02:bb:cc:dd:ee:05",
                "364: leaseGranted 2026-11-21T22:40:05.000Z[reception] private=10.0.10.72 mac=02:bb:cc:dd:ee:06",
                "435: ignored incomplete_lease",
                "481: malformed address at 481",
                "543: malformed time at 578",
                "598: malformed truncated at 614",
            ])
    }

    @Test func `reads leases out of Kea's JSON, at whatever depth, names left out`() {
        #expect(
            read(FixtureFolder.text("kea.json"), .keaJSON) == [
                "31: leaseGranted 2026-11-21T22:40:01.000Z private=192.0.2.1 end=2026-11-21T23:40:01.000Z mac=02:08:08:08:08:08",
                "332: leaseExpired 2026-11-21T22:41:02.000Z private=2001:db8::9 start=2026-11-21T22:40:02.000Z mac=02:08:08:08:08:09",
            ])
    }

    @Test func `refuses a memfile whose titles name no address`() {
        #expect(read("a,b\n1,2\n", .keaCSV).first == "0: malformed missing_field at 0")
    }

    @Test func `a lifetime longer than the time since 1970 gives no beginning`() {
        let text = "address,hwaddr,valid_lifetime,expire\n10.0.0.1,02:00:5e:00:00:01,4294967294,1000\n"
        #expect(read(text, .keaCSV).last?.contains("2026-11-21T22:40:05.000Z[reception]") == true)
    }

    @Test func `columns may move, as from version to version`() {
        let text = "state,expire,hwaddr,address\r\n3,1795304401,02:00:5e:00:00:01,10.0.0.1\r\n"
        #expect(read(text, .keaCSV).last?.hasPrefix("29: leaseReleased") == true)
    }

    @Test(arguments: ["", "\n", "\n\n", "{", "[", "{}", "[]", "{\"a\"", "\"", "1", "{\"ip\":", "}", "]", "{]", "[}"])
    func `nothing, or almost nothing, is no lease`(text: String) {
        for format in LeaseFile.Format.allCases {
            #expect(!read(text, format).contains { $0.contains("lease") && !$0.contains("incomplete") })
        }
    }

    @Test func `accepts sixteen levels of JSON and refuses seventeen`() {
        let nested = { (depth: Int) in
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(read(nested(16), .keaJSON) == [])
        #expect(read(nested(17), .keaJSON) == ["16: malformed json at 16"])
    }
}
