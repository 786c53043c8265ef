import Foundation
import RADIUS
import Territory
import Testing

@testable import socle

@Suite struct LoadWorkloadTests {
    /// What is sent must be what the product stores, or a benchmark measures refusals.
    @Test(arguments: [0, 1, 4]) func `each record of a session counts for the rules of sessions`(interims: Int) throws {
        let octets = Array("correct-horse-battery".utf8)
        let secret = try SharedSecret(octets)
        let options = LoadOptions(
            mode: .accounting, host: "127.0.0.1", ports: [1813], secret: octets, window: 1, ratePerSecond: nil,
            seconds: 1, warmUpSeconds: 0, retransmitSeconds: 1, tries: 1, sessions: 1, interims: interims,
            credentials: [], tag: "test")
        var workload = try LoadWorkload(options, secret: secret, seed: 1)
        var row: SessionRow?
        let began = Date(timeIntervalSince1970: 1_800_000_000)
        for step in 0...(interims + 1) {
            let packet = try Self.next(&workload)
            let record = try Self.record(packet, at: began.addingTimeInterval(Double(step) / 1_000))
            let change = SessionState.apply(existing: row, record: record) { UUID() }
            #expect(change.row != row, "record \(step) of the session changes nothing")
            row = change.row
        }
        #expect(row?.isOpen == false)
        #expect(row?.counters.inputOctets == Int64(interims + 1) * 1_000_000)
    }

    /// The next request, which is answered at once.
    private static func next(_ workload: inout LoadWorkload) throws -> Packet {
        var buffer = [UInt8](repeating: 0, count: 512)
        let made = try buffer.withUnsafeMutableBytes { try workload.write(into: $0, identifier: 1, due: 0) }
        return try Array(buffer[..<made.length]).withUnsafeBytes { octets in
            let view = try PacketView(octets)
            // Accounting reads nothing from a reply.
            _ = workload.answered(session: made.session, by: view, to: made.sent)
            return Packet(view)
        }
    }

    private static func record(_ packet: Packet, at instant: Date) throws -> AccountingRecord {
        let status = try #require(packet.first(.acctStatusType)?.uint32.flatMap(UInt8.init(exactly:)))
        return AccountingRecord(
            kind: try #require(AccountingRecord.Kind(rawValue: status)), nasID: NASID(1),
            organisationID: OrganisationID(1), siteID: SiteID(1), sessionKey: SessionKey(high: 0, low: 1),
            acctSessionID: "session",
            sessionSeconds: packet.first(.acctSessionTime)?.uint32.map(Int64.init),
            input: .init(octets: packet.first(.acctInputOctets)?.uint32, gigawords: nil, packets: nil),
            output: .init(octets: packet.first(.acctOutputOctets)?.uint32, gigawords: nil, packets: nil),
            eventTime: EventTime(eventTimestamp: nil, delaySeconds: nil, receivedAt: instant), receivedAt: instant)
    }
}
