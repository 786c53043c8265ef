import Foundation

@testable import Territory

/// Records of one session of one NAS, on a clock that begins at `origin`.
enum SessionFixture {
    static let origin = Date(timeIntervalSince1970: 1_785_487_200)
    static let key = SessionKey(high: 1, low: 2)

    static func at(_ seconds: Double) -> Date { origin.addingTimeInterval(seconds) }

    /// A record sent at `event` and received then too, unless told otherwise. Octets down are ten times those up.
    static func record(
        _ kind: AccountingRecord.Kind, event: Double, seconds: Int64? = nil, octets: Int64? = nil, precise: Bool = true,
        received: Double? = nil, cause: String? = nil, hasGigawords: Bool = true
    ) -> AccountingRecord {
        AccountingRecord(
            kind: kind, nasID: 7, organisationID: 1, siteID: 10, sessionKey: key, acctSessionID: "s1",
            userName: "g.abc", subject: .loginGrant(5), callingStation: "02:00:5e:00:00:01",
            framedAddress: IPAddress(v4: 0x0A00_0001), sessionSeconds: seconds,
            input: .init(octets: octets, hasGigawords: hasGigawords, packets: octets),
            output: .init(octets: octets.map { $0 * 10 }, hasGigawords: hasGigawords), terminateCause: cause,
            eventTime: EventTime(at(event), isPrecise: precise), receivedAt: at(received ?? event))
    }

    static func interim(_ event: Double, octets: Int64, precise: Bool = true, start: Double = 0) -> AccountingRecord {
        record(.interim, event: event, seconds: Int64(event - start), octets: octets, precise: precise)
    }
}

/// Feeds records to the state machine as the store does, and keeps what it would keep.
struct SessionLedger {
    var row: SessionRow?
    var archive: [SessionRow] = []
    var usage = Usage.zero
    var last = SessionChange(.ignore(.duplicate))
    private var ids: UInt64 = 0

    init(_ records: [AccountingRecord] = []) {
        for record in records { apply(record) }
    }

    mutating func apply(_ record: AccountingRecord) {
        ids += 1
        let id = ids
        last = SessionState.apply(existing: row, record: record) {
            .timeOrdered(at: record.receivedAt, random: (id, id))
        }
        usage += last.usage
        switch last.action {
        case .create(let new), .update(let new): row = new
        case .archiveThenCreate(let old, let new):
            archive.append(old)
            row = new
        case .ignore: break
        }
    }

    mutating func close(_ record: AccountingRecord) {
        if let row, let closed = SessionState.close(row, by: record) { self.row = closed }
    }

    mutating func closeIfSilent(now: Double, listeningSince: Double = -1e6) {
        guard let row else { return }
        let closed = SessionState.closeIfSilent(
            row, now: SessionFixture.at(now), interimSeconds: 300, listeningSince: SessionFixture.at(listeningSince))
        if let closed { self.row = closed }
    }
}
