import ArgumentParser
import Foundation
import RADIUS
import Store
import Territory

/// `socle session`: what the gateways report of visitors' sessions.
struct SessionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "Sessions as the gateways report them.", subcommands: [Show.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a session, and what was done to end or change it.",
            discussion: "The id is the one in the logs of the access daemon and in the archive. Each look is recorded.")

        @Argument(help: "Its id.") var id: String
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var installation: InstallationOptions

        func validate() throws {
            guard UUID(uuidString: id) != nil else { throw ValidationError("\(id) is not the id of a session") }
        }

        func run() async throws {
            guard let id = UUID(uuidString: id) else { return }
            try await Administration.run(installation) { administration in
                guard let found = try await SessionStore(administration.client).inspect(id) else {
                    throw Failure(.notFound, "there is no session \(id)")
                }
                try await administration.record(
                    "session.show", organisation: found.session.organisationID, ["session": id.uuidString])
                if json { return try Console.json(SessionReport(found)) }
                Console.print(SessionReport(found).text)
            }
        }
    }
}

/// A session for people and for JSON.
struct SessionReport: Encodable {
    struct Attempt: Encodable {
        let at: Date
        let method: String
        let reason: String?
        let result: String
        let errorCause: String?
    }

    struct Command: Encodable {
        let command: String
        let reason: String?
        let leftAt: Date
        let doneAt: Date?
        let outcome: String?
    }

    let id: UUID
    let nas, site: Int64
    let subject: String?
    let acctSessionID: String
    let callingStation, framedAddress: String?
    let startedAt, lastEventAt: Date
    let stoppedAt: Date?
    let terminateCause: String?
    let seconds, inputOctets, outputOctets: Int64
    let isPast: Bool
    let attempts: [Attempt]
    let commands: [Command]

    init(_ found: SessionInspection) {
        let session = found.session
        (id, nas, site) = (session.sessionID, session.nasID.rawValue, session.siteID.rawValue)
        subject = session.subject.map { "\($0.kind.rawValue) \($0.id)" }
        (acctSessionID, callingStation) = (session.acctSessionID, session.callingStation)
        framedAddress = session.framedAddress?.description
        (startedAt, lastEventAt, stoppedAt) = (session.startedAt, session.lastEventAt, session.stoppedAt)
        terminateCause = session.terminateCause
        seconds = session.counters.seconds
        (inputOctets, outputOctets) = (session.counters.inputOctets, session.counters.outputOctets)
        isPast = found.isPast
        attempts = found.attempts.map { attempt in
            Attempt(
                at: attempt.at, method: attempt.method.rawValue, reason: attempt.reason, result: attempt.result,
                errorCause: attempt.errorCause.map { "\($0) \(ErrorCause(rawValue: $0))" })
        }
        commands = found.commands.map { command in
            Command(
                command: command.kind.rawValue, reason: command.reason, leftAt: command.createdAt,
                doneAt: command.doneAt, outcome: command.outcome)
        }
    }

    /// The session one fact a line, then the attempts, then the commands.
    var text: String {
        let facts: [(String, String?)] = [
            ("session", id.uuidString), ("nas", "\(nas)"), ("site", "\(site)"), ("subject", subject),
            ("acct-session-id", acctSessionID), ("calling-station", callingStation), ("address", framedAddress),
            ("started", Self.time(startedAt)), ("last event", Self.time(lastEventAt)),
            ("stopped", stoppedAt.map(Self.time) ?? "no"), ("cause", terminateCause), ("seconds", "\(seconds)"),
            ("octets from visitor", "\(inputOctets)"), ("octets to visitor", "\(outputOctets)"),
        ]
        var lines = facts.compactMap { name, value in value.map { "\(name): \($0)" } }
        var attempted = Table(["at", "method", "why", "result", "error cause"])
        for attempt in attempts {
            attempted.add([
                Self.time(attempt.at), attempt.method, attempt.reason ?? "asked", attempt.result,
                attempt.errorCause ?? "",
            ])
        }
        lines += ["", attempts.isEmpty ? "no attempt to end or change it" : attempted.text]
        for command in commands where command.doneAt == nil {
            lines.append(
                "under way since \(Self.time(command.leftAt)): \(command.command), \(command.reason ?? "asked")")
        }
        return lines.joined(separator: "\n")
    }

    private static func time(_ date: Date) -> String { date.formatted(.iso8601) }
}
