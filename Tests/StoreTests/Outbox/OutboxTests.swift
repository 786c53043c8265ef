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
            // Who lost it to another changes nothing.
            try await outbox.take(.finish("timeout"), of: first[0], now: now + 32)
            try await outbox.take(.finish("ack"), of: second[0], now: now + 32)
            try await outbox.take(.finish("timeout"), of: second[0], now: now + 33)
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
                let step = Outbox.again(command, outcome: "timeout", now: now)
                #expect((step == .finish("timeout")) == (attempt == Outbox.maximumAttempts))
                try await outbox.take(step, of: command, now: now)
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

    @Test func `goes on to the next method at once, and keeps each attempt with its session`() async throws {
        try await Installation.with { here in
            let (nas, session) = try await nas(here)
            let outbox = Outbox(here.access)
            try await outbox.enqueue(
                [NewOutboxCommand(.disconnect, nas: nas.id, target: .session(session.sessionID), reason: "expired")],
                of: nas.organisationID)
            let now = Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded(.up) + 1)
            let first = try #require(try await outbox.claim(lease: .seconds(30), now: now).first)
            #expect((first.method, first.attempts, first.acknowledgedAt) == (0, 1, nil))
            #expect(first.reason == "expired")
            let refused = SessionAttempt(
                at: now, method: .disconnect, reason: "expired", result: "nak", errorCause: 504)
            try await outbox.take(.nextMethod(outcome: "nak:504"), of: first, attempt: refused, now: now)
            let second = try #require(try await outbox.claim(lease: .seconds(30), now: now).first)
            #expect((second.method, second.attempts) == (1, 1))
            let done = SessionAttempt(at: now + 1, method: .coa, reason: "expired", result: "ack")
            try await outbox.take(.acknowledged(at: now + 1, check: now + 20), of: second, attempt: done, now: now)
            #expect(try await outbox.claim(lease: .seconds(30), now: now + 19).isEmpty)
            let third = try #require(try await outbox.claim(lease: .seconds(30), now: now + 20).first)
            #expect((third.method, third.acknowledgedAt) == (1, now + 1))
            #expect(try await outbox.attempts(of: session.sessionID) == [refused, done])
            try await outbox.forgetAttempts(before: now + 1)
            #expect(try await outbox.attempts(of: session.sessionID) == [done])
        }
    }

    @Test func `leaves a command for a session and a reason once while it is under way`() async throws {
        try await Installation.with { here in
            let (nas, session) = try await nas(here)
            let outbox = Outbox(here.portal)
            let command = NewOutboxCommand(
                .disconnect, nas: nas.id, target: .session(session.sessionID), reason: "revoked")
            try await outbox.enqueue([command, command], of: nas.organisationID)
            try await outbox.enqueue([command], of: nas.organisationID)
            #expect(try await here.count("SELECT count(*) FROM access.outbox") == 1)
        }
    }
}
