import AccessService
import Foundation
import Postgres
import RADIUS
import Store
import Synchronization
import Territory
import Testing

/// NAS that do what NAS do wrong, over the wire.
@Suite struct FaultyGatewayTests {
    private struct Session: Equatable {
        let input: Int64
        let isStopped: Bool
        let secondsSinceStart: Double
    }

    private func sessions(_ deployment: Deployment) async throws -> [Session] {
        let rows = try await deployment.ground.owner.query(
            """
            SELECT input_octets, stopped_at IS NOT NULL, extract(epoch FROM now() - started_at)::double precision
            FROM access.live_session ORDER BY acct_session_id
            """)
        return try rows.decode(Int64.self, Bool.self, Double.self).map {
            Session(input: $0, isStopped: $1, secondsSinceStart: $2)
        }
    }

    private func usedOctets(_ deployment: Deployment) async throws -> Int {
        try await deployment.ground.count("SELECT coalesce(sum(input_octets), 0)::bigint FROM access.usage")
    }

    @Test func `a NAS that repeats each record for a minute is answered every time alike, and counted once`()
        async throws
    {
        let passed = Atomic<UInt64>(0)
        let clock = AccessClock(
            calendar: { Date(timeIntervalSinceNow: Double(passed.load(ordering: .relaxed))) },
            monotonic: { AccessClock.system.monotonic() &+ passed.load(ordering: .relaxed) &* 1_000_000_000 })
        try await Deployment.with(clock: clock) { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let secret = try SharedSecret(Array(Ground.secret.utf8))
            let (authentication, accounting) = (
                try Gateway(deployment.authenticationPort), try Gateway(deployment.accountingPort)
            )
            let login = try secret.accessRequest(identifier: 1, userName: code, password: Array(code.utf8))
            let started = Date()
            let records = try [(AccountingStatus.start, 0), (.interim, 20), (.stop, 40)].map { status, seconds in
                try Gateway.accountingRequest(
                    secret, status, "s1", name: code, seconds: UInt32(seconds), input: UInt32(seconds) * 1_000,
                    at: started.addingTimeInterval(Double(seconds)), identifier: UInt8(seconds))
            }
            var answers: [UInt8: Set<[UInt8]>] = [:]
            // The daemon's clocks go on by a second each time, so most of these are no duplicates to its memory of replies.
            for second in 0..<60 {
                authentication.send(login.bytes)
                let reply = try #require(await authentication.receive(10), "login, second \(second)")
                #expect(reply.first == PacketCode.accessAccept.rawValue)
                for record in records.prefix(1 + second / 20) {
                    accounting.send(record.bytes)
                    let answer = try #require(await accounting.receive(10), "record, second \(second)")
                    answers[record.bytes[1], default: []].insert(answer)
                }
                passed.add(1, ordering: .relaxed)
            }
            #expect(answers.count == 3 && answers.values.allSatisfy { $0.count == 1 }, "one answer to each record")
            let stored = try await sessions(deployment)
            #expect(stored.map(\.input) == [40_000] && stored.map(\.isStopped) == [true])
            #expect(try await usedOctets(deployment) == 40_000)
        }
    }

    @Test func `another request under an identifier in use gets its own answer (RFC 5080 §2.2.2)`() async throws {
        try await Deployment.with { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let (authentication, accounting) = (
                try Gateway(deployment.authenticationPort), try Gateway(deployment.accountingPort)
            )
            for round in 0..<10 {
                let right = try await authentication.login(code, code, identifier: 9)
                #expect(right?.code == .accessAccept, "round \(round)")
                #expect(try await authentication.login(code, "wrong", identifier: 9)?.code == .accessReject)
                #expect(try await accounting.account(.start, "s\(round)", name: code, identifier: 9) != nil)
            }
            #expect(try await sessions(deployment).count == 10)
        }
    }

    @Test func `a NAS that floods under the same 256 identifiers keeps another one from nothing`() async throws {
        try await Deployment.with { deployment in
            let ground = deployment.ground
            let quiet = NewNAS(
                name: "quiet", profile: "wispr", source: IPPrefix("127.0.0.2/32"), secret: Secret(text: Ground.secret))
            _ = try await NASDirectory(ground.owner, keys: ground.keys).add(quiet, to: ground.site)
            let code = try await ground.voucher(devices: 1_000).code.canonical
            let secret = try SharedSecret(Array(Ground.secret.utf8))
            let flood = try Gateway(deployment.authenticationPort)
            let other = try Gateway(deployment.authenticationPort, source: "127.0.0.2")
            #expect(try await other.login(code, code)?.code == .accessAccept)
            var (answered, rejected) = (0, 0)
            for round in 0..<80 {
                for identifier in UInt8.min...UInt8.max {
                    let password = round.isMultiple(of: 2) ? code : "wrong\(round)"
                    flood.send(
                        try secret.accessRequest(
                            identifier: identifier, userName: code, password: Array(password.utf8)
                        ).bytes)
                }
                let reply = try await other.login(code, code, attributes: [Attribute(.nasPort, uint32: UInt32(round))])
                answered += reply?.code == .accessAccept ? 1 : 0
                rejected += reply?.code == .accessReject ? 1 : 0
            }
            #expect(answered == 80 && rejected == 0, "of 80 logins beside 20 480 requests")
            #expect(deployment.service.status?.isServing == true)
        }
    }

    @Test func `a NAS whose clock says 1970, or next year, is counted by arrival`() async throws {
        let clocks = [Date(timeIntervalSince1970: 3), Date(timeIntervalSinceNow: 365 * 86_400)]
        try await Deployment.with { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let gateway = try Gateway(deployment.accountingPort)
            for (index, clock) in clocks.enumerated() {
                let name = "s\(index)"
                #expect(try await gateway.account(.start, name, name: code, at: clock) != nil)
                for (status, seconds) in [(AccountingStatus.interim, UInt32(60)), (.stop, 90)] {
                    let reply = try await gateway.account(
                        status, name, name: code, seconds: seconds, input: seconds * 100,
                        at: clock.addingTimeInterval(Double(seconds)))
                    #expect(reply != nil)
                }
            }
            let stored = try await sessions(deployment)
            #expect(stored.map(\.input) == [9_000, 9_000] && stored.allSatisfy(\.isStopped))
            #expect(stored.allSatisfy { (-5...200).contains($0.secondsSinceStart) }, "\(stored)")
            #expect(try await usedOctets(deployment) == 18_000)
            #expect(
                try await deployment.ground.count(
                    "SELECT count(*) FROM access.usage WHERE day NOT BETWEEN current_date - 1 AND current_date + 1")
                    == 0)
        }
    }

    @Test func `octets that go backwards take nothing back, and count on from there`() async throws {
        try await Deployment.with { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let gateway = try Gateway(deployment.accountingPort)
            let began = Date(timeIntervalSinceNow: -600)
            #expect(try await gateway.account(.start, "s1", name: code, at: began) != nil)
            var used: [Int] = []
            for (step, octets) in [UInt32(1_000_000), 400_000, 400_000, 900_000].enumerated() {
                let seconds = UInt32(60 * (step + 1))
                let reply = try await gateway.account(
                    .interim, "s1", name: code, seconds: seconds, input: octets,
                    at: began.addingTimeInterval(Double(seconds)),
                    attributes: [Attribute(.acctInputGigawords, uint32: 0)])
                #expect(reply != nil)
                used.append(try await usedOctets(deployment))
            }
            #expect(used == [1_000_000, 1_400_000, 1_400_000, 1_900_000])
            #expect(try await sessions(deployment).map(\.input) == [900_000])
        }
    }
}
