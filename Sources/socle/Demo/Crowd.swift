import Dispatch
import Glibc
import Synchronization

/// Simulated visitors on one thread. Bound: one request at a time, so the server sets the pace when it is slow.
struct Crowd {
    /// What became of the requests so far.
    struct Tally: Equatable {
        var logins = 0
        var refusals = 0
        var sessions = 0
        var ended = 0
        var records = 0
        var unanswered = 0

        var line: String {
            "\(sessions - ended) online, \(logins) logins, \(refusals) refused, \(records) accounting records, \(unanswered) unanswered"
        }
    }

    private var visitors: [Visitor]
    private let gateway: SimulatedGateway
    private(set) var tally = Tally()
    private let origin = DispatchTime.now().uptimeNanoseconds

    init(_ visitors: [Visitor], gateway: SimulatedGateway) {
        (self.visitors, self.gateway) = (visitors, gateway)
    }

    private var now: Double { Double(DispatchTime.now().uptimeNanoseconds - origin) / 1e9 }

    /// Goes on until `mustEnd` says so, then sends everybody home.
    mutating func run(mustEnd: () -> Bool, report: (Tally) -> Void) throws {
        var random = SystemRandomNumberGenerator()
        var nextReport = 5.0
        while !mustEnd() {
            let now = now
            for index in visitors.indices where visitors[index].dueAt <= now && !mustEnd() {
                try step(index, &random)
            }
            if now >= nextReport {
                report(tally)
                nextReport = now + 10
            }
            let next = visitors.map(\.dueAt).min() ?? now + 1
            let pause = min(max(next - self.now, 0), 0.5)
            if pause > 0 { poll(nil, 0, Int32(pause * 1_000) + 1) }
        }
        for index in visitors.indices where visitors[index].state == .surfing {
            visitors[index].leave(at: now)
            try step(index, &random)
        }
        report(tally)
    }

    private mutating func step(_ index: Int, _ random: inout SystemRandomNumberGenerator) throws {
        let request = visitors[index].next
        let accepted = try gateway.send(request, for: &visitors[index], at: now)
        count(request, accepted)
        visitors[index].answered(request, accepted: accepted ?? false, at: now, using: &random)
    }

    private mutating func count(_ request: Visitor.Request, _ accepted: Bool?) {
        guard let accepted else { return tally.unanswered += 1 }
        switch request {
        case .login: if accepted { tally.logins += 1 } else { tally.refusals += 1 }
        case .start:
            tally.sessions += 1
            tally.records += 1
        case .interim: tally.records += 1
        case .stop:
            tally.ended += 1
            tally.records += 1
        }
    }
}
