/// What is wrong with the stored sessions, compared with what their gateway had acknowledged.
struct LedgerFaults: Sendable, CustomStringConvertible {
    /// Acknowledged, and not there at all.
    var lost = 0
    /// More than one row for one session.
    var twice = 0
    /// Counters that are not those of the last acknowledged record.
    var counters = 0
    /// Open though its Stop was acknowledged, closed though none was sent, or closed by inference.
    var state = 0
    /// Of the first session with a fault.
    var example: String?

    init() {}

    init(of ledger: AccountingLedger, in rows: [SessionRow]) {
        let stored = Dictionary(grouping: rows, by: \.identifier)
        for session in ledger.sessions {
            guard let owed = session.owed else { continue }
            let found = stored[session.identifier] ?? []
            twice += max(0, found.count - 1)
            guard let row = found.first else {
                lost += 1
                continue
            }
            let isCounted =
                row.inputOctets == Int64(owed.input) && row.outputOctets == Int64(owed.output)
                && row.seconds == Int64(owed.seconds)
            let isInState = (row.stoppedAt != nil) == (owed.kind == .stop) && !row.inferredStop
            counters += isCounted ? 0 : 1
            state += isInState ? 0 : 1
            if !isCounted || !isInState, example == nil { example = "owed \(owed), stored \(row)" }
        }
    }

    var isEmpty: Bool { lost + twice + counters + state == 0 }

    var description: String {
        "\(lost) lost, \(twice) twice, \(counters) with wrong counters, \(state) in a wrong state"
            + (example.map { "; \($0)" } ?? "")
    }
}
