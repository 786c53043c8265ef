import Foundation
import Store
import Territory

extension SessionRow {
    /// An open session that has counted nothing yet; `number` makes its key, its id and its station.
    static func sample(
        _ number: Int, nas: NASID = 1, organisation: OrganisationID = 1, site: SiteID = 1,
        startedAt: Date = Installation.noon
    ) -> SessionRow {
        let station = MACAddress(rawValue: 0x0200_5e00_0000 + UInt64(number))?.description
        return SessionRow(
            sessionID: UUID(), nasID: nas, sessionKey: SessionKey(high: 7, low: UInt64(number)), version: 1,
            organisationID: organisation, siteID: site, subject: .account(AccountID(Int64(number))),
            userName: "user\(number)", acctSessionID: "s\(number)", callingStation: station,
            calledStation: "02-00-5E-00-53-FF:Commune", framedAddress: IPAddress("192.0.2.7"),
            framedIPv6Prefix: IPPrefix("2001:db8:7::/64"), nasPort: 3, startedAt: startedAt, lastEventAt: startedAt,
            receivedAt: startedAt)
    }

    /// The same session some seconds later, with so many octets in all.
    func later(_ seconds: Int64, octets: Int64) -> SessionRow {
        var row = self
        row.counters = SessionCounters(
            seconds: seconds, inputOctets: octets, outputOctets: 10 * octets, inputPackets: 1, outputPackets: 10)
        row.lastEventAt = startedAt + TimeInterval(seconds)
        row.receivedAt = row.lastEventAt
        return row
    }

    /// The same session ended at its last event.
    var stopped: SessionRow {
        var row = self
        row.stoppedAt = row.lastEventAt
        row.terminateCause = "User-Request"
        return row
    }
}

extension UsageDelta {
    /// The usage that leads from one row of a session to the next, on a fixed day.
    static func between(_ old: SessionRow?, _ new: SessionRow) -> [UsageDelta] {
        guard let subject = new.subject else { return [] }
        let usage = Usage(
            seconds: new.counters.seconds - (old?.counters.seconds ?? 0),
            inputOctets: new.counters.inputOctets - (old?.counters.inputOctets ?? 0),
            outputOctets: new.counters.outputOctets - (old?.counters.outputOctets ?? 0))
        return [
            UsageDelta(
                subject: subject, organisationID: new.organisationID, day: CivilDay(daysSinceEpoch: 20_833),
                usage: usage)
        ]
    }
}
