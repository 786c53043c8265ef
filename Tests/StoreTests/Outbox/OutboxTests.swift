import Foundation
import Postgres
import Store
import Territory
import Testing

struct OutboxTests {
    /// A NAS with one open session.
    private func nas(_ here: Installation) async throws -> (nas: NAS, session: SessionRow) {
        let (organisation, site) = try await here.commune("55001", slug: "mairie-a")
        let nas = try await NASDirectory(here.owner, keys: here.keys)
            .add(NewNAS(name: "gw", profile: "wispr", identifier: "gw"), to: site)
        let row = SessionRow.sample(1, nas: nas.id, organisation: organisation, site: site)
        _ = try await SessionStore(here.access).write([SessionWrite(previous: nil, row: row)])
        return (nas, row)
    }

    @Test func `gives each command to one claimer, with its session`() async throws {
        try await Installation.with { here in
            let (nas, session) = try await nas(here)
            let device = try #require(session.callingStation.flatMap { MACAddress($0) })
            try await Outbox(here.portal).enqueue(
                [
                    NewOutboxCommand(.disconnect, nas: nas.id, target: .session(session.sessionID)),
                    NewOutboxCommand(.coa, nas: nas.id, target: .device(device), attributes: ["rate": "64000"]),
                    NewOutboxCommand(.disconnect, nas: nas.id, target: .session(UUID())),
                ], of: nas.organisationID)
            let outbox = Outbox(here.access)
            let now = Date.now + 1
            async let one = outbox.claim(limit: 2, lease: .seconds(30), now: now)
            async let other = outbox.claim(limit: 2, lease: .seconds(30), now: now)
            let commands = try await (one + other).sorted { $0.id < $1.id }
            #expect(commands.map(\.kind) == [.disconnect, .coa, .disconnect])
            #expect(commands.map(\.session?.sessionID) == [session.sessionID, session.sessionID, nil])
            #expect(commands[1].attributes == ["rate": "64000"])
            #expect(commands[1].device == device)
            let nothing = try await outbox.claim(lease: .seconds(30), now: now)
            #expect(nothing.isEmpty)
        }
    }

    @Test func `gives a command again when the lease ends, and never once it is done`() async throws {
        try await Installation.with { here in
            let (nas, session) = try await nas(here)
            let outbox = Outbox(here.access)
            try await outbox.enqueue(
                [NewOutboxCommand(.disconnect, nas: nas.id, target: .session(session.sessionID))],
                of: nas.organisationID)
            let now = Date.now + 1
            let first = try await outbox.claim(lease: .seconds(30), now: now)
            let second = try await outbox.claim(lease: .seconds(30), now: now + 31)
            #expect((first + second).map(\.attempts) == [1, 2])
            try await outbox.finish(second[0].id, outcome: "ack", at: now + 32)
            try await outbox.finish(second[0].id, outcome: "timeout", at: now + 33)
            #expect(try await outbox.claim(lease: .seconds(30), now: now + 3_600).isEmpty)
            #expect(try await here.count("SELECT count(*) FROM access.outbox WHERE outcome = 'ack'") == 1)
        }
    }

    @Test func `tries again later and later, and gives up after six times`() async throws {
        try await Installation.with { here in
            let (nas, session) = try await nas(here)
            let outbox = Outbox(here.access)
            try await outbox.enqueue(
                [NewOutboxCommand(.disconnect, nas: nas.id, target: .session(session.sessionID))],
                of: nas.organisationID)
            var now = Date.now + 1
            for attempt in 1...Outbox.maximumAttempts {
                let command = try #require(try await outbox.claim(lease: .seconds(1), now: now).first)
                #expect(command.attempts == attempt)
                let again = try await outbox.retry(command, outcome: "timeout", now: now)
                #expect(again == (attempt < Outbox.maximumAttempts))
                #expect(try await outbox.claim(lease: .seconds(1), now: now + Double(1 << attempt) - 0.5).isEmpty)
                now += Double(1 << attempt)
            }
            #expect(
                try await here.count(
                    "SELECT count(*) FROM access.outbox WHERE outcome = 'timeout' AND done_at IS NOT NULL") == 1)
        }
    }

    @Test func `expires what nobody could do, and forgets it later`() async throws {
        try await Installation.with { here in
            let (nas, session) = try await nas(here)
            let outbox = Outbox(here.access)
            try await outbox.enqueue(
                [NewOutboxCommand(.disconnect, nas: nas.id, target: .session(session.sessionID))],
                of: nas.organisationID)
            let early = try await outbox.expire(leftBefore: .now - 60, now: .now)
            #expect(early == 0)
            let later = try await outbox.expire(leftBefore: .now + 60, now: .now)
            #expect(later == 1)
            #expect(try await outbox.claim(lease: .seconds(1), now: .now + 10).isEmpty)
            _ = try await outbox.expire(leftBefore: .now + 60, now: .now)
            #expect(try await here.count("SELECT count(*) FROM access.outbox") == 0)
        }
    }
}
