import Foundation
import Testing

extension SystemTests {
    /// SIGKILL of the daemon and of PostgreSQL while accounting arrives.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct DurabilityTests {
        /// `SOCLE_DURABILITY_ROUNDS` makes it longer.
        static var rounds: Int {
            ProcessInfo.processInfo.environment["SOCLE_DURABILITY_ROUNDS"].flatMap(Int.init) ?? 20
        }

        /// Who is killed in a round.
        enum Victim: CaseIterable { case daemon, database, both }

        @Test func `no acknowledged record is lost and none counted twice over 20 rounds of kill -9`() async throws {
            try await Installation.during("durability") { installation in
                var vouchers: [String] = []
                for _ in 0..<5 { vouchers.append(try await installation.voucher()) }
                let load = AccountingLoad(
                    port: installation.ports.accounting, secret: installation.secret, userNames: vouchers)
                load.start()
                for round in 0..<Self.rounds {
                    let before = load.ledger.acknowledgements
                    try await eventually("round \(round): records are acknowledged", within: .seconds(30)) {
                        load.ledger.acknowledgements >= before + 300
                    }
                    try await kill(Victim.allCases[round % 3], installation, load)
                }
                try await load.finish()
                try await check(load.ledger, installation)
            }
        }

        private func kill(_ victim: Victim, _ installation: Installation, _ load: AccountingLoad) async throws {
            switch victim {
            case .daemon: try await installation.killDaemon()
            case .database: try await installation.killDatabase()
            case .both:
                try await installation.killDatabase()
                // What is acknowledged meanwhile can only be in the spool; the daemon dies with it.
                let before = load.ledger.acknowledgements
                try? await eventually("the spool takes over", within: .seconds(2)) {
                    load.ledger.acknowledgements >= before + 100
                }
                try await installation.killDaemon()
            }
            try await installation.standsAgain()
        }

        /// Compares the ledger of the gateway with what is stored.
        private func check(_ ledger: AccountingLedger, _ installation: Installation) async throws {
            try await eventually("the spool has drained", within: .seconds(60)) {
                try await installation.query("SELECT count(DISTINCT acct_session_id) FROM access.every_session")
                    == [[String(ledger.sessions.count)]]
            }
            let rows = try await installation.sessions(where: "true")
            let stored = Dictionary(grouping: rows, by: \.identifier)
            var lost = 0, twice = 0, wrong = 0
            var usage: [String: (input: Int64, output: Int64)] = [:]
            for session in ledger.sessions {
                guard let owed = session.owed else { continue }
                let found = stored[session.identifier] ?? []
                twice += max(0, found.count - 1)
                guard let row = found.first else {
                    lost += 1
                    continue
                }
                let isRight =
                    row.inputOctets == Int64(owed.input) && row.outputOctets == Int64(owed.output)
                    && row.seconds == Int64(owed.seconds) && (row.stoppedAt != nil) == (owed.kind == .stop)
                    && !row.inferredStop
                wrong += isRight ? 0 : 1
                usage[session.userName, default: (0, 0)].input += Int64(owed.input)
                usage[session.userName, default: (0, 0)].output += Int64(owed.output)
            }
            #expect(
                lost == 0 && twice == 0 && wrong == 0,
                "of \(ledger.sessions.count) sessions: lost \(lost), twice \(twice), wrong \(wrong)")
            #expect(ledger.sessions.allSatisfy { $0.isComplete })
            let counted = try await installation.query(
                "SELECT sum(input_octets), sum(output_octets) FROM access.usage GROUP BY subject_kind, subject_id ORDER BY 1"
            )
            let expected = usage.values.sorted { $0.input < $1.input }.map { [String($0.input), String($0.output)] }
            #expect(counted.sorted { Int64($0[0]) ?? 0 < Int64($1[0]) ?? 0 } == expected, "usage is counted once")
            print(
                "durability: \(ledger.acknowledgements) acknowledged records of \(ledger.sessions.count) sessions, all found once"
            )
        }
    }
}
