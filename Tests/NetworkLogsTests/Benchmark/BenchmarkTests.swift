import Foundation
import NetworkLogs
import Testing

/// CPU for a million lines and records, printed when `NETWORKLOGS_BENCH` is set; never a verdict.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["NETWORKLOGS_BENCH"] != nil), .serialized)
struct BenchmarkTests {
    private static let rounds = 1_000_000

    private func cpuSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

    private func report(_ name: String, _ count: Int, octets: Int, since start: Double) {
        let spent = cpuSeconds() - start
        let each = spent / Double(count) * 1e9
        print("bench \(name): \(Int(each)) ns each of \(octets) octets, \(spent * 1e6 / Double(count)) CPU s a million")
    }

    @Test(arguments: [
        (
            "rfc5424", "nat-record",
            "<134>1 2026-11-20T23:40:01.123456+00:00 gw1234 nat 812 NATADD - proto=TCP src=10.20.30.40:51000 nat=198.18.0.77:40000 dst=198.51.100.8:443 start=1790000000000 dur=50123 seq=1234567"
        ),
        (
            "rfc3164", "nat-record",
            "<134>Nov 20 23:40:01 gw1234 nat: proto=TCP src=10.20.30.40:51000 nat=198.18.0.77:40000 dst=198.51.100.8:443 start=1790000000000 dur=50123 seq=1234567"
        ),
        (
            "routeros", "routeros",
            "<134>Nov 21 23:40:01 gw firewall,info guest srcnat: in:bridge out:ether1, connection-state:new src-mac 02:00:5e:00:00:01, proto UDP, 192.168.5.50:5353->198.51.100.8:53, NAT (192.168.5.50:5353->203.0.113.7:1025)->198.51.100.8:53, len 60"
        ),
        (
            "conntrack", "conntrack",
            "<134>1 2026-11-21T23:27:40Z gw conntrack 12 - - [1795303652.723692]\t    [NEW] tcp      6 120 SYN_SENT src=10.66.0.2 dst=203.0.113.10 sport=46004 dport=80 [UNREPLIED] src=203.0.113.10 dst=203.0.113.2 sport=80 dport=31866 id=914837556"
        ),
        (
            "fortigate", "fortigate",
            "<189>date=2026-11-21 time=23:40:01 devname=\"FG\" devid=\"FGT60F\" eventtime=1795300801123456789 tz=\"+0100\" logid=\"0000000013\" type=\"traffic\" subtype=\"forward\" level=\"notice\" vd=\"root\" srcip=10.1.100.11 srcport=54190 srcintf=\"port12\" dstip=198.51.100.135 dstport=443 dstintf=\"port11\" sessionid=402 proto=6 action=\"close\" policyid=1 service=\"HTTPS\" trandisp=\"snat\" transip=203.0.113.1 transport=41190 app=\"HTTPS\" duration=12 sentbyte=3652 rcvdbyte=146668"
        ),
        (
            "dnsmasq", "dnsmasq",
            "<30>Nov 21 23:40:01 gw dnsmasq-dhcp[1234]: DHCPACK(lan0) 10.66.0.100 02:00:5e:00:00:01 iphone"
        ),
    ])
    func `lines framed by LF and read`(name: String, dialect: String, line: String) throws {
        let dialects = try #require(LineDialects(name: dialect))
        let parser = LineParser(dialects: dialects, clock: SourceClock(zone: .europeParis))
        let one = Array(line.utf8) + [10]
        let chunk = Array((0..<300).map { _ in one }.joined())
        var framer = SyslogFramer()
        var events = 0
        let start = cpuSeconds()
        for _ in 0..<Self.rounds / 300 {
            chunk.withUnsafeBytes { raw in
                framer.append(raw) { frame in
                    guard case .message(let message, _) = frame else { return }
                    if case .event = parser.parse(message, receivedAt: 1_795_300_805_000) { events += 1 }
                }
            }
        }
        report(name, Self.rounds / 300 * 300, octets: one.count, since: start)
        #expect(events == Self.rounds / 300 * 300)
    }

    @Test(arguments: [9, 10])
    func `records as the generator sends them, twenty a datagram`(version: Int) {
        let big = { (value: Int, octets: Int) in
            (0..<octets).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let fields = [8, 4, 12, 4, 7, 2, 11, 2, 4, 1, 2, 4, 1, 4, 152, 8, 153, 8, 225, 4, 227, 2]
        let template = big(300, 2) + big(11, 2) + fields.flatMap { big($0, 2) }
        let record =
            big(0x0a00_0005, 4) + big(0xc633_6408, 4) + big(51_000, 2) + big(443, 2) + [6] + big(3, 4)
            + big(999, 4) + big(1_795_300_796_000, 8) + big(1_795_300_801_000, 8) + big(0xcb00_7107, 4) + big(40_000, 2)
        let data = (0..<20).flatMap { _ in record }
        let message = { (sequence: Int, sets: [UInt8]) -> [UInt8] in
            version == 10
                ? big(10, 2) + big(sets.count + 16, 2) + big(1_795_300_801, 4) + big(sequence, 4) + big(1, 4) + sets
                : big(9, 2) + big(20, 2) + big(1_000_000, 4) + big(1_795_300_801, 4) + big(sequence, 4) + big(1, 4)
                    + sets
        }
        var decoder = FlowDecoder()
        let exporter = FlowExporter(address: NetworkAddress(ipv4: 1))
        let id = version == 10 ? 2 : 0
        _ = decoder.decode(
            message(0, big(id, 2) + big(template.count + 4, 2) + template), from: exporter, receivedAt: 0
        ) { _ in }
        var datagram = message(0, big(300, 2) + big(data.count + 4, 2) + data)
        let place = version == 10 ? 8 : 12
        var (sequence, events) = (version == 10 ? 0 : 1, 0)
        let start = cpuSeconds()
        for _ in 0..<Self.rounds / 20 {
            for index in 0..<4 { datagram[place + index] = UInt8(truncatingIfNeeded: sequence >> (24 - 8 * index)) }
            let report = decoder.decode(datagram, from: exporter, receivedAt: 1_795_300_805_000) {
                events &+= Int($0.privatePort & 1) &+ 1
            }
            if report.lost != 0 { Issue.record("a loss was invented") }
            sequence += version == 10 ? 20 : 1
        }
        report("v\(version)", Self.rounds, octets: record.count, since: start)
        #expect(events == Self.rounds)
    }
}
