/// The count an exporter keeps of what it sends, and what it tells of losses.
///
/// IPFIX counts data records (RFC 7011 §3.1), NetFlow v9 packets (RFC 3954 §5.1), but some exporters count records
/// there too, as version 5 did: of v9 the first two numbers that tell the difference decide.
struct FlowSequence: Sendable {
    /// Units behind the expected number within which a datagram is late; further behind, the exporter began anew.
    static let lateWindow: UInt32 = 65_536
    /// Units ahead beyond which the exporter began anew at another number: more could not be told from that.
    static let lossWindow: UInt32 = 16_777_216

    private enum Counting { case undecided, packets, records }

    private var counting: Counting
    private var last: UInt32?
    private var lastRecords: UInt32 = 0
    private var lastUptime: UInt32 = 0
    /// Units counted as lost and not come since.
    private var missing: UInt32 = 0
    /// Whether the datagram before held data of unknown templates, so that its records are not known.
    private var lastIsOpen = false

    init(isIPFIX: Bool) { counting = isIPFIX ? .records : .undecided }

    /// Takes the number of a datagram that held `records` data records, `isOpen` if some could not be counted.
    mutating func take(
        _ number: UInt32, records: UInt32, isOpen: Bool, uptime: UInt32?, _ report: inout FlowReport
    ) {
        // An uptime that fell by more than packets can overtake one another.
        let rebooted = uptime.map { Int32(bitPattern: $0 &- lastUptime) < -60_000 } ?? false
        defer { if let uptime { lastUptime = uptime } }
        guard let previous = last else { return remember(number, records, isOpen) }
        let step = number &- previous
        if !rebooted { decide(step) }
        report.unit = counting == .records ? .records : .packets
        if counting == .records, lastIsOpen, !rebooted, step < Self.lossWindow {
            report.sequenceUnchecked = true
            return remember(number, records, isOpen)
        }
        let ahead = step &- (counting == .records ? lastRecords : 1)
        if ahead == 0 { return remember(number, records, isOpen) }
        if !rebooted, ahead < Self.lossWindow {
            report.lost = ahead
            missing = missing.addingReportingOverflow(ahead).overflow ? .max : missing + ahead
            return remember(number, records, isOpen)
        }
        if !rebooted, ahead >= 0 &- Self.lateWindow { return takeLate(counting == .records ? records : 1, &report) }
        report.sequenceRestarted = true
        missing = 0
        remember(number, records, isOpen)
    }

    /// A datagram from before the last: one of those counted as lost, or one that came twice.
    private mutating func takeLate(_ units: UInt32, _ report: inout FlowReport) {
        report.late = min(units, missing)
        report.repeated = missing == 0
        missing -= report.late
    }

    private mutating func decide(_ step: UInt32) {
        guard counting == .undecided, lastRecords > 1, !lastIsOpen else { return }
        if step == 1 { counting = .packets }
        if step == lastRecords { counting = .records }
    }

    private mutating func remember(_ number: UInt32, _ records: UInt32, _ isOpen: Bool) {
        (last, lastRecords, lastIsOpen) = (number, records, isOpen)
    }
}
