/// One simulated visitor: comes, logs in with a code, surfs for a while, goes, and comes again. Knows no clock and no
/// network: it is told the time in seconds and says what its gateway sends next.
struct Visitor: Equatable {
    /// What the gateway sends for it.
    enum Request: Equatable { case login, start, interim, stop }

    enum State: Equatable { case away, loggedIn, surfing }

    /// Time of a visit, in seconds.
    struct Pace: Equatable {
        var interim = 20.0
        var stay = 60.0...300.0
        var absence = 5.0...40.0
        /// After a refusal: there is no use in asking again at once.
        var patience = 30.0...90.0
    }

    let number: Int
    let code: String
    let gateway: String
    let pace: Pace
    private(set) var state = State.away
    private(set) var dueAt: Double
    private(set) var session = 0
    private(set) var startedAt = 0.0
    private(set) var leavesAt = 0.0
    private(set) var inputOctets: UInt64 = 0
    private(set) var outputOctets: UInt64 = 0
    /// What the Access-Accept said of the subject; echoed in accounting.
    var classValue: [UInt8] = []

    init(number: Int, code: String, gateway: String, pace: Pace = Pace(), arrivesAt: Double) {
        (self.number, self.code, self.gateway, self.pace) = (number, code, gateway, pace)
        dueAt = arrivesAt
    }

    /// What is sent when the time has come.
    var next: Request {
        switch state {
        case .away: .login
        case .loggedIn: .start
        case .surfing: dueAt >= leavesAt ? .stop : .interim
        }
    }

    /// A locally administered address, the same for a visitor's whole life.
    var station: String {
        let octets = [0x02, 0x5E, 0x10, (number >> 16) & 0xFF, (number >> 8) & 0xFF, number & 0xFF]
        return octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: "-")
    }

    var sessionID: String { "demo-\(number)-\(session)" }

    func sessionSeconds(at now: Double) -> UInt32 { UInt32(max(0, now - startedAt)) }

    /// Moves on when a request was answered (`accepted`: by an Accept or an Accounting-Response), refused or lost.
    mutating func answered(
        _ request: Request, accepted: Bool, at now: Double, using random: inout some RandomNumberGenerator
    ) {
        switch (request, accepted) {
        case (.login, true):
            state = .loggedIn
            session += 1
            dueAt = now
        case (.login, false):
            dueAt = now + .random(in: pace.patience, using: &random)
        case (.start, _):
            state = .surfing
            (startedAt, inputOctets, outputOctets) = (now, 0, 0)
            leavesAt = now + .random(in: pace.stay, using: &random)
            dueAt = min(now + pace.interim, leavesAt)
        case (.interim, _):
            surf(using: &random)
            dueAt = min(now + pace.interim, leavesAt)
        case (.stop, _):
            state = .away
            dueAt = now + .random(in: pace.absence, using: &random)
        }
    }

    /// Ends the visit at once, when the simulation ends.
    mutating func leave(at now: Double) {
        guard state == .surfing else { return }
        (leavesAt, dueAt) = (now, now)
    }

    /// Some pages, now and then a film.
    private mutating func surf(using random: inout some RandomNumberGenerator) {
        let down = UInt64.random(in: 100_000...8_000_000, using: &random)
        outputOctets += down
        inputOctets += down / UInt64.random(in: 5...20, using: &random)
    }
}
