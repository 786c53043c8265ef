import Foundation
import RADIUS
import Testing

extension SystemTests {
    /// SIGKILL of the daemon between the commit of a record and its reply: the one instant at which the gateway knows less
    /// than the database.
    ///
    /// A trigger makes PostgreSQL wait for a lock that the test holds. While it waits the daemon is frozen (SIGSTOP), then the
    /// lock is given back: the record is committed, and whoever is to answer it can no longer.
    @Suite(.serialized, .timeLimit(.minutes(5))) struct CommittedRecordTests {
        private static let lock = 7_104_012

        /// One record after the other of one session.
        private static let records: [AccountingLedger.Record] = [
            .init(kind: .start, seconds: 0, input: 0, output: 0),
            .init(kind: .interim, seconds: 60, input: 1_000, output: 5_000),
            .init(kind: .interim, seconds: 120, input: 2_500, output: 11_000),
            .init(kind: .stop, seconds: 150, input: 3_000, output: 12_000),
        ]

        @Test func `a record whose reply is lost with the daemon is counted once when the gateway sends it again`()
            async throws
        {
            try await Installation.during("committed-record") { installation in
                let voucher = try await installation.voucher()
                let began = UInt32(Date().timeIntervalSince1970) - 600
                try await makeTrigger(installation)
                for (index, record) in Self.records.enumerated() {
                    let request = try request(record, UInt8(index), voucher, began: began, installation)
                    let probe = try UDPProbe(to: installation.ports.accounting)
                    try await commit(record, request, probe, installation)
                    try await installation.killDaemon()
                    #expect(probe.datagrams(300).isEmpty, "the reply was lost with the daemon")
                    try await installation.standsAgain()
                    let secret = try SharedSecret(Array(installation.secret.utf8))
                    try await eventually("the restarted daemon acknowledges it") {
                        probe.transmit(request.bytes)
                        return probe.datagrams(500).contains {
                            (try? secret.reply(in: $0, to: request.sent))?.code == .accountingResponse
                        }
                    }
                    try await holds(record, installation)
                }
                let stored = try #require(try await installation.sessions(where: "true").first)
                #expect(stored.stoppedAt != nil && !stored.inferredStop)
            }
        }

        /// Sends the record, and returns once it is committed and the daemon has been frozen before it could know.
        private func commit(
            _ record: AccountingLedger.Record, _ request: SignedRequest, _ probe: UDPProbe, _ installation: Installation
        ) async throws {
            let name = "holds-the-lock"
            let holder = try Daemon(
                "psql",
                [
                    "psql", "-X", "-q", "-c", "SELECT pg_advisory_lock(\(Self.lock))", "-c", "SELECT pg_sleep(30)",
                    "\(installation.databaseAddress) application_name=\(name)",
                ], log: URL(filePath: installation.folder.path("holder.log")))
            let waiting = { (granted: Bool) in
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = \(Self.lock) AND granted = \(granted)"
            }
            try await eventually("the lock is held") { try await !installation.query(waiting(true)).isEmpty }
            probe.transmit(request.bytes)
            try await eventually("the record waits for the lock") {
                try await !installation.query(waiting(false)).isEmpty
            }
            installation.freezeDaemon()
            _ = try await installation.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '\(name)'")
            try await holder.ended()
            try await eventually("the record is committed") {
                try await installation.sessions(where: Self.condition(record)).count == 1
            }
            #expect(probe.datagrams(300).isEmpty, "committed, and not answered")
        }

        private static func condition(_ record: AccountingLedger.Record) -> String {
            "session_seconds = \(record.seconds) AND input_octets = \(record.input)"
                + " AND output_octets = \(record.output) AND (stopped_at IS NOT NULL) = \(record.kind == .stop)"
        }

        /// One session, as its last record says, and what it used is counted once.
        private func holds(_ record: AccountingLedger.Record, _ installation: Installation) async throws {
            #expect(try await installation.sessions(where: "true").count == 1)
            #expect(try await installation.sessions(where: Self.condition(record)).count == 1, "\(record)")
            let used = try await installation.query(
                """
                SELECT coalesce(sum(seconds), 0), coalesce(sum(input_octets), 0), coalesce(sum(output_octets), 0)
                FROM access.usage
                """)
            #expect(used == [["\(record.seconds)", "\(record.input)", "\(record.output)"]], "\(record)")
        }

        /// What stores a session waits for the lock while somebody holds it.
        private func makeTrigger(_ installation: Installation) async throws {
            _ = try await installation.query(
                """
                CREATE FUNCTION public.wait_for_test() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN PERFORM pg_advisory_xact_lock_shared(\(Self.lock)); RETURN NULL; END $$;
                CREATE TRIGGER wait_for_test AFTER INSERT OR UPDATE ON access.live_session
                    FOR EACH STATEMENT EXECUTE FUNCTION public.wait_for_test()
                """)
        }

        private func request(
            _ record: AccountingLedger.Record, _ identifier: UInt8, _ voucher: String, began: UInt32,
            _ installation: Installation
        ) throws -> SignedRequest {
            try SharedSecret(Array(installation.secret.utf8)).accountingRequest(
                identifier: identifier,
                attributes: [
                    Attribute(.acctStatusType, uint32: record.kind.rawValue), Attribute(.userName, text: voucher),
                    Attribute(.acctSessionID, text: "lost-reply"),
                    Attribute(.callingStationID, text: "02-00-5E-00-53-77"),
                    Attribute(.eventTimestamp, uint32: began + record.seconds),
                    Attribute(.acctSessionTime, uint32: record.seconds),
                    Attribute(.acctInputOctets, uint32: record.input),
                    Attribute(.acctOutputOctets, uint32: record.output),
                ])
        }
    }
}
