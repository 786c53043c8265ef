import Foundation

/// What a gateway knows of the sessions it reported: what it sent, and what was acknowledged.
struct AccountingLedger: Sendable {
    /// What a record says of a session so far.
    struct Record: Sendable, Equatable {
        enum Kind: UInt32, Sendable { case start = 1, stop = 2, interim = 3 }
        let kind: Kind
        let seconds: UInt32
        let input: UInt32
        let output: UInt32
    }

    /// One session of the ledger.
    struct Session: Sendable {
        let identifier: String
        let userName: String
        let station: String
        /// When it began by the gateway's clock, seconds since 1970: some minutes ago, so that it may have lasted what its
        /// records say.
        let startedAt: UInt32
        /// What it will report, in order.
        let plan: [Record]
        /// How many of the plan have been sent at least once.
        var sent = 0
        /// How many were acknowledged; each is sent only after the one before.
        var acknowledged = 0

        /// The last record that must be found again, whatever happened.
        var owed: Record? { acknowledged == 0 ? nil : plan[acknowledged - 1] }
        var isComplete: Bool { acknowledged == plan.count }
    }

    private(set) var sessions: [Session] = []
    /// Acknowledged records in all.
    private(set) var acknowledgements = 0
    private let userNames: [String]

    /// A ledger whose sessions belong to `userNames` in turn.
    init(userNames: [String]) { self.userNames = userNames }

    /// Opens the next session. A third of them end after Start, a third after an Interim-Update and a third with Stop, so
    /// that a lost record of each kind is missed: counters only grow, and a later record would hide the loss of an earlier.
    mutating func open(at now: Date) -> Int {
        let index = sessions.count
        let number = UInt32(index)
        func record(_ kind: Record.Kind, _ step: UInt32) -> Record {
            Record(
                kind: kind, seconds: step * 60, input: step * (1000 + number % 97), output: step * (7000 + number % 89))
        }
        let full = [record(.start, 0), record(.interim, 1), record(.interim, 2), record(.stop, 3)]
        let octets = [number >> 16, number >> 8, number].map { String(format: "%02x", $0 & 0xff) }
        sessions.append(
            Session(
                identifier: String(format: "load-%08x", number), userName: userNames[index % userNames.count],
                station: "02:00:5e:" + octets.joined(separator: ":"),
                startedAt: UInt32(now.timeIntervalSince1970) - 600, plan: Array(full.prefix([1, 2, 4][index % 3]))))
        return index
    }

    /// The record that a session has to send next, counted as sent.
    mutating func send(_ index: Int) -> Record? {
        guard !sessions[index].isComplete else { return nil }
        sessions[index].sent = sessions[index].acknowledged + 1
        return sessions[index].plan[sessions[index].acknowledged]
    }

    mutating func acknowledge(_ index: Int) {
        sessions[index].acknowledged += 1
        acknowledgements += 1
    }

    /// Octets that each user name must have been charged, by the last acknowledged record of each session.
    func usage() -> [(input: Int64, output: Int64)] {
        var sums: [String: (input: Int64, output: Int64)] = [:]
        for session in sessions {
            guard let owed = session.owed else { continue }
            sums[session.userName, default: (0, 0)].input += Int64(owed.input)
            sums[session.userName, default: (0, 0)].output += Int64(owed.output)
        }
        return Array(sums.values)
    }
}
