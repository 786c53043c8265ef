import Foundation
import Testing

extension SystemTests {
    /// PostgreSQL stopped for a minute while a gateway reports sessions and visitors log in.
    @Suite(.serialized, .timeLimit(.minutes(4))) struct StoppedDatabaseTests {
        /// Longer than any cache of logins lives while the database is there (`access.cache_lifetime`).
        private static let outage = Duration.seconds(60)

        @Test func `PostgreSQL stopped for a minute: known visitors log in, no record is lost or doubled, and no herd`()
            async throws
        {
            try await Installation.during("stopped-database") { installation in
                let (sessions, visitors) = (try await vouchers(4, installation), try await vouchers(3, installation))
                let load = AccountingLoad(
                    port: installation.ports.accounting, secret: installation.secret, userNames: sessions,
                    sessionsPerSecond: 200)
                let logins = LoginLoad()
                load.start()
                try logins.start(
                    port: installation.ports.authentication, secret: installation.secret, vouchers: visitors)
                try await eventually("records are acknowledged") { load.ledger.acknowledgements >= 1_000 }
                let known = logins.take()
                #expect(known.accepted >= visitors.count && known.refused + known.unanswered == 0, "\(known)")
                let connections = try await connections(installation)

                var silences: [Duration] = []
                try await installation.whileDatabaseIsStopped {
                    silences = await self.silences(of: load)
                    #expect(await (try? installation.query("SELECT 1")) == nil, "nobody has started it meanwhile")
                }
                let meanwhile = logins.take()
                #expect(meanwhile.accepted > 300 && meanwhile.refused + meanwhile.unanswered == 0, "\(meanwhile)")
                #expect(meanwhile.slowest < 1_500, "\(meanwhile)")
                #expect(silences.max() ?? .zero < .seconds(5), "accounting goes on from the spool: \(silences)")

                try await spoolDrains(installation)
                try await noHerd(since: connections, installation)
                let afterwards = logins.take()
                #expect(afterwards.refused + afterwards.unanswered == 0 && afterwards.slowest < 1_500, "\(afterwards)")
                try await logins.finish()
                try await load.finish()
                try await installation.holds(load.ledger)
                print("stopped database: \(meanwhile) meanwhile, \(afterwards) afterwards, \(silences)")
            }
        }

        private func vouchers(_ count: Int, _ installation: Installation) async throws -> [String] {
            var codes: [String] = []
            for _ in 0..<count { codes.append(try await installation.voucher()) }
            return codes
        }

        /// How long, each time, nothing was acknowledged during the outage, where that is more than a second.
        private func silences(of load: AccountingLoad) async -> [Duration] {
            let clock = ContinuousClock()
            let end = clock.now + Self.outage
            var (silences, last, heard): ([Duration], Int, ContinuousClock.Instant) = ([], 0, clock.now)
            while clock.now < end {
                // The outage lasts this long whatever happens in it; the pause is how finely it is looked at.
                try? await clock.sleep(for: .milliseconds(200))
                let now = load.ledger.acknowledgements
                guard now > last else { continue }
                if clock.now - heard > .seconds(1) { silences.append(clock.now - heard) }
                (last, heard) = (now, clock.now)
            }
            return silences + [clock.now - heard]
        }

        private func spoolDrains(_ installation: Installation) async throws {
            try await eventually("the spool drains", within: .seconds(60)) {
                let text = try await Command(["curl", "-sf", "http://127.0.0.1:\(installation.ports.admin)/metrics"])
                    .run()
                return text.split(separator: "\n").contains {
                    $0.hasPrefix("socle_access_spool_bytes") && $0.hasSuffix(" 0")
                }
            }
        }

        /// Connections that the database has seen, and those that its clients hold.
        private func connections(_ installation: Installation) async throws -> (seen: Int, held: Int) {
            let rows = try await installation.query(
                """
                SELECT (SELECT sessions FROM pg_stat_database WHERE datname = 'socle'),
                    (SELECT count(*) FROM pg_stat_activity WHERE datname = 'socle' AND backend_type = 'client backend')
                """)
            let row = try #require(rows.first)
            return (try #require(Int(row[0])), try #require(Int(row[1])))
        }

        /// A server that comes back is found by each connection about once, not by all of them again and again.
        private func noHerd(
            since before: (seen: Int, held: Int), _ installation: Installation
        ) async throws {
            let after = try await connections(installation)
            print("stopped database: \(before) connections before, \(after) afterwards")
            #expect(after.held <= before.held + 2)
            #expect(after.seen - before.seen <= 2 * after.held + 4, "\(before), \(after)")
        }
    }
}
