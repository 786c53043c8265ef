import Foundation
import Testing

extension SystemTests {
    /// SIGKILL of the daemon and of PostgreSQL while accounting arrives.
    @Suite(.serialized, .timeLimit(.minutes(20))) struct DurabilityTests {
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
                try await installation.holds(load.ledger)
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
    }
}
