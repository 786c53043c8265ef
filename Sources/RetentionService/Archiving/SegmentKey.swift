internal import Evidence
internal import Foundation
internal import NetworkLogs
internal import Territory

/// What the records of one segment have in common: class, tenants, kind, and the UTC day on which their clock starts. They
/// expire within a day of each other.
struct SegmentKey: Hashable, Sendable {
    let retentionClass: RetentionClass
    let tenantGroup: String
    let schema: UInt16
    /// Days since 1970.
    let day: Int64

    static let dayMilliseconds: Int64 = 86_400_000
    /// How far a source's word of when something ended may be from when we heard of it: a week back for what was spooled
    /// on the way, two days ahead for leases that are not over. Beyond, the reception counts: a clock that says 1970, or
    /// a hostile line, neither opens a segment of its own nor shortens or stretches what is kept.
    static let longestBack: Int64 = 7 * dayMilliseconds
    static let longestAhead: Int64 = 2 * dayMilliseconds

    /// The period, in milliseconds since 1970 UTC.
    var period: Range<Int64> { day * Self.dayMilliseconds..<(day + 1) * Self.dayMilliseconds }

    /// When the clock of a record starts, and whether its source's word was taken for it.
    static func clockStart(of record: IntakeRecord) -> (time: Int64, isTrusted: Bool) {
        let told = record.event.end ?? record.event.time
        let isTrusted = told >= record.received - longestBack && told <= record.received + longestAhead
        return (isTrusted ? told : record.received, isTrusted)
    }

    static func day(of time: Int64) -> Int64 {
        let (quotient, remainder) = time.quotientAndRemainder(dividingBy: dayMilliseconds)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension NetworkEvent.Kind {
    /// The kind of segment an event goes to; nil for what is not kept.
    var schema: Schema? {
        switch self {
        case .natCreated, .natDeleted, .natUpdated, .natSession, .portBlockAllocated, .portBlockFreed, .addressBound,
            .addressUnbound:
            .translations
        case .leaseGranted, .leaseRenewed, .leaseReleased, .leaseExpired: .leases
        // Nobody had the address; and a flow without translation says nothing of who was behind an address.
        case .leaseDeclined, .flow: nil
        }
    }

    /// What the archive calls it, and what its interval lacks.
    var archived: (event: RecordEvent, flags: RecordFlags) {
        switch self {
        case .natCreated, .addressBound: (.binding, .open)
        case .natDeleted, .addressUnbound: (.binding, .inferredStart)
        case .natUpdated: (.interim, .open)
        case .natSession: (.binding, [])
        case .portBlockAllocated: (.portBlock, .open)
        case .portBlockFreed: (.portBlock, .inferredStart)
        case .leaseGranted, .leaseRenewed: (.lease, [])
        case .leaseReleased, .leaseExpired, .leaseDeclined: (.lease, .inferredStart)
        case .flow: (.unspecified, [])
        }
    }
}

extension NetworkLogs.NetworkAddress {
    /// The same address, as the archive holds it.
    var archived: Evidence.NetworkAddress { Evidence.NetworkAddress(high: high, low: low) }
}

extension AttributionRecord where Text == Token {
    /// Everything of an event but the octet strings. Destinations are not taken over: no class that keeps them is open.
    init(_ record: IntakeRecord, isTrusted: Bool) {
        self.init()
        let event = record.event
        let archived = event.kind.archived
        (self.event, flags) = (archived.event, archived.flags)
        let told = isTrusted ? event.time : record.received
        start = event.start ?? told
        end = max(start, event.end ?? told)
        received = record.received
        (publicAddress, publicPort) = (event.publicAddress.archived, event.publicPorts.first)
        (publicPortEnd, transport) = (event.publicPorts.last, event.networkProtocol)
        (privateAddress, privatePort) = (event.privateAddress.archived, event.privatePort)
        if let address = event.mac {
            mac = address.value
            if address.isLocallyAdministered { flags.insert(.randomMAC) }
        }
        if !isTrusted || event.timeTraits.contains(.fromReception) { flags.insert(.clockDegraded) }
        (clockOffset, clockTolerance) = (record.clockOffset, record.clockTolerance)
    }
}
