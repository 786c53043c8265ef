import Foundation
import Postgres
import Store

/// Looks at the database as each of its roles.
struct DatabaseChecks {
    let configuration: Configuration
    let now: Date

    /// The oldest server whose SQL ours is: `NULLS NOT DISTINCT`, `security_invoker` views.
    static let oldestServer = 150_000

    /// A few rights without which each daemon cannot work: enough to tell a role that was never granted anything.
    static let needs: [Daemon: [(table: String, right: String)]] = [
        .access: [
            ("territory.nas", "SELECT"), ("access.live_session", "INSERT"), ("access.live_session", "UPDATE"),
            ("access.session", "INSERT"), ("access.usage", "UPDATE"), ("access.outbox", "DELETE"),
            ("identity.account", "SELECT"),
        ],
        .portal: [
            ("territory.site", "SELECT"), ("access.voucher", "SELECT"), ("access.login_grant", "INSERT"),
            ("identity.terms_acceptance", "INSERT"), ("access.outbox", "INSERT"), ("access.portal_handoff", "INSERT"),
        ],
    ]

    func findings(migrations: String) async -> [Finding] {
        var findings = await owner(migrations)
        for daemon in Daemon.allCases { findings += await role(daemon) }
        return findings
    }

    private func owner(_ migrations: String) async -> [Finding] {
        do {
            let migrator = try Migrator(directory: migrations)
            return try await DatabaseSession.with(configuration.database.owner) { client in
                let inspection = DatabaseInspection(client)
                var findings = Self.judge(try await inspection.server(), now: now)
                findings += try await schema(client, migrator)
                guard !findings.contains(where: { $0.severity == .fault && $0.subject == "schema" }) else {
                    return findings
                }
                return findings + (try await contents(inspection))
            }
        } catch {
            return [.failure("database.owner", error)]
        }
    }

    private func schema(_ client: PostgresClient, _ migrator: Migrator) async throws -> [Finding] {
        switch try await SchemaCheck.of(client, migrator) {
        case .older(let pending):
            return [
                .fault("schema", "the database lacks \(pending.joined(separator: ", "))", mend: "run socle migrate")
            ]
        case .newer(let unknown):
            return [
                .warning(
                    "schema", "the database is newer than this executable: \(unknown.joined(separator: ", "))",
                    mend: "upgrade this node")
            ]
        case .current:
            // The names agree; do the contents? An edited file is refused by name.
            let status = try await migrator.status(client)
            return [.fine("schema", "\(status.applied.count) migrations, all applied, none edited")]
        }
    }

    private func contents(_ inspection: DatabaseInspection) async throws -> [Finding] {
        var findings: [Finding] = []
        let missing = try await inspection.monthsWithoutPartition(Self.months(from: now))
        if missing.isEmpty {
            findings.append(.fine("partitions", "this month and the next have one"))
        } else {
            findings.append(
                .fault(
                    "partitions", "there is none for \(missing.joined(separator: ", "))",
                    mend:
                        "is an access daemon running? it makes them; or SELECT access.ensure_session_partitions(current_date, 3)"
                ))
        }
        let stray = try await inspection.sessionsInDefaultPartition()
        if stray > 0 {
            findings.append(
                .warning(
                    "partitions", "\(stray) sessions fit no month",
                    mend: "the clock of a gateway is wrong: set it by NTP"))
        }
        findings.append(Self.judge(try await inspection.commands(), now: now))
        return findings
    }

    /// What no gateway acknowledges within ten minutes reaches none; what one acknowledges is over when its accounting
    /// says so, which takes two of its intervals, an hour each at most, for each of the few methods there are.
    static func judge(_ commands: DatabaseInspection.Commands, now: Date) -> Finding {
        let minutes = { (since: Date?) in since.map { max(0, Int(now.timeIntervalSince($0) / 60)) } ?? 0 }
        let (oldest, unanswered) = (minutes(commands.oldest), minutes(commands.oldestUnanswered))
        if unanswered >= 10 {
            return .warning(
                "outbox",
                "\(commands.unanswered) commands to gateways are unanswered, the oldest for \(unanswered) minutes",
                mend: "is an access daemon running, and does CoA reach the gateways?")
        }
        if oldest >= 480 {
            return .warning(
                "outbox", "a command to a gateway has been under way for \(oldest) minutes",
                mend: "socle_access_commands_total says what the gateways answer; socle session show, what was tried")
        }
        let text = commands.unfinished == 0 ? "no command" : "\(commands.unfinished), the oldest \(oldest) minutes old"
        return .fine("outbox", "commands to gateways under way: \(text)")
    }

    private func role(_ daemon: Daemon) async -> [Finding] {
        let subject = "database.\(daemon.rawValue)"
        do {
            let role = try await DatabaseSession.with(daemon.conninfo(configuration)) { client in
                try await DatabaseInspection(client).role(needing: Self.needs[daemon] ?? [])
            }
            return Self.judge(role, subject: subject)
        } catch {
            return [.failure(subject, error)]
        }
    }

    static func judge(_ role: DatabaseInspection.Role, subject: String) -> [Finding] {
        var findings: [Finding] = []
        if !role.lacking.isEmpty {
            findings.append(
                .fault(
                    subject, "the role \(role.name) lacks \(role.lacking.joined(separator: ", "))",
                    mend: "connect as the role of this daemon; socle migrate grants its rights"))
        }
        if role.ignoresRowSecurity {
            findings.append(
                .fault(
                    subject, "the role \(role.name) is not bound by row-level security",
                    mend: "connect as socle_\(subject.split(separator: ".").last ?? "portal"), which is no superuser"))
        }
        return findings.isEmpty ? [.fine(subject, "connects as \(role.name), with the rights it needs")] : findings
    }

    static func judge(_ server: DatabaseInspection.Server, now: Date) -> [Finding] {
        let subject = "database"
        var findings: [Finding] = []
        let version = "\(server.versionNumber / 10_000).\(server.versionNumber % 10_000)"
        if server.versionNumber < oldestServer {
            findings.append(.fault(subject, "PostgreSQL \(version) is too old", mend: "upgrade it to 15 or newer"))
        }
        if server.isStandby {
            findings.append(
                .fault(
                    subject, "this server is a standby", mend: "add target_session_attrs=read-write and its other hosts"
                ))
        }
        for setting in ["fsync", "full_page_writes"] where server.settings[setting] != "on" {
            findings.append(
                .fault(
                    subject, "\(setting) is off: a power cut loses answered accounting",
                    mend: "ALTER SYSTEM SET \(setting) = on"))
        }
        if ["off", "local"].contains(server.settings["synchronous_commit"]) {
            let value = server.settings["synchronous_commit"] ?? ""
            findings.append(
                .fault(
                    subject, "synchronous_commit is \(value): accounting is answered before it is safe",
                    mend: "ALTER SYSTEM SET synchronous_commit = on"))
        }
        let skew = abs(server.now.timeIntervalSince(now))
        if skew > 5 {
            findings.append(
                .fault(
                    "clock", "the database's clock differs from ours by \(Int(skew)) s",
                    mend: "run NTP on both machines"))
        }
        return findings.isEmpty
            ? [.fine(subject, "PostgreSQL \(version), durable, its clock agrees with ours")] : findings
    }

    /// This month and the next, as partitions are named, by the calendar of UTC.
    static func months(from now: Date) -> [String] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return [0, 1].compactMap { offset in
            // From the 1st: a month after 31 January is not in March.
            guard let first = calendar.dateInterval(of: .month, for: now)?.start,
                let month = calendar.date(byAdding: .month, value: offset, to: first)
            else { return nil }
            let parts = calendar.dateComponents([.year, .month], from: month)
            return "\(parts.year ?? 0)_\((parts.month ?? 0) < 10 ? "0" : "")\(parts.month ?? 0)"
        }
    }
}
