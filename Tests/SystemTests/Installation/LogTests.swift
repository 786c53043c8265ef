import Foundation
import Testing

extension SystemTests {
    /// All that `serve` writes at level debug while visitors log in, are counted and changed, the database is away and the
    /// daemon ends.
    @Suite(.serialized, .timeLimit(.minutes(3))) struct LogTests {
        private static let device = "02-00-5E-00-53-01"
        private static let address = "10.66.0.101"
        private static let account = "elue@mairie.test"
        private static let password = "Fenêtre sur Ornain 1642"
        /// Lines of a daemon's life. Any other is about a request, a session or a command, and names it.
        private static let ofTheDaemon: Set<String> = [
            "EAP is off: no certificate is configured",
            "starting", "started", "stopped", "ended", "migrated", "embedded PostgreSQL is up", "the database is ready",
            "listening for RADIUS", "the access daemon has ended", "the change feed is up", "the change feed is down",
            "a NAS signs its requests, they are required to be signed from now on", "connected again",
            "no connection to the database, will keep trying", "no connection to listen on, will keep trying",
            "PostgreSQL answers again", "waiting for the database",
            "PostgreSQL does not answer: known visitors keep logging in, accounting goes to the spool",
            "accounting goes through the spool until PostgreSQL has taken what waits",
            "the spool is empty, accounting goes to PostgreSQL again", "the outbox cannot be read now",
            "the change feed cannot be caught up, caches are dropped",
            "housekeeping could not finish, it goes on at the next round",
        ]
        /// What the HTTP server and the life cycle of services say of themselves.
        private static let ofLibraries = [
            "Server started and listening on ", "Waiting on child channel: ", "Starting service", "Service finished",
            "Service lifecycle ended", "Signal caught. Shutting down the group.", "Graceful shutdown caught. ",
            "Triggering graceful shutdown for service",
        ]

        @Test func `each line has the form, names its request or session, and tells no secret and nobody`()
            async throws
        {
            try await Installation.during("log", gateway: .commanded("hostapd"), logLevel: "debug") { installation in
                let receiver = try await CommandReceiver.started(for: installation)
                try await installation.account(Self.account, password: Self.password)
                let vouchers = [try await installation.voucher(), try await installation.voucher()]
                try await logins(installation, vouchers[0])
                try await records(installation, vouchers[0], "Start")
                try await visit(installation, voucher: vouchers[1])
                try await installation.revoke(vouchers[0])
                #expect(try await receiver.requests(2).count == 2)
                try await eventually("the commands have ended") {
                    try await installation.outcomes() == ["ack", "ack"]
                }
                try await installation.withoutDatabase {
                    try await records(installation, vouchers[0], "Interim-Update")
                    try await visit(installation, voucher: vouchers[1])
                }
                try await records(installation, vouchers[0], "Stop")
                try await installation.end()
                let identities = [
                    Self.device, Self.address, Self.account, Self.password, installation.secret,
                    installation.portalKey, "not-the-password", "nobody@nowhere.test",
                ]
                check(installation.log, identities: identities + vouchers)
            }
        }

        private func check(_ text: String, identities: [String]) {
            let lines = text.split(separator: "\n")
            #expect(lines.count > 20)
            for line in lines {
                // However it is spelled: a MAC address without its hyphens, a code without its own.
                let bare = line.lowercased().filter { !"-:.".contains($0) }
                for identity in identities {
                    let hidden = identity.lowercased().filter { !"-:.".contains($0) }
                    #expect(!bare.contains(hidden), "\(identity) in: \(line)")
                }
                guard let told = LogLine(line), let message = told.fields["message"] else {
                    Issue.record("not of the form: \(line)")
                    continue
                }
                if Self.ofTheDaemon.contains(message) || Self.ofLibraries.contains(where: message.hasPrefix) {
                    continue
                }
                let named = ["request", "session", "outbox"].compactMap { told.fields[$0] }
                #expect(named.contains { !$0.isEmpty && $0 != "-" }, "names nothing: \(line)")
            }
            let about = lines.compactMap { LogLine($0)?.fields }
            #expect(about.contains { $0["session"] != nil && $0["outcome"] == "ack" }, "the command's end is told")
            #expect(about.contains { $0["logger"] == "portal" && $0["request"] != nil }, "refusals are told")
            #expect(about.contains { $0["message"]?.hasPrefix("PostgreSQL does not answer") == true })
            #expect(about.last?["message"] == "ended")
        }

        private func logins(_ installation: Installation, _ voucher: String) async throws {
            let station = "Calling-Station-Id = \"\(Self.device)\""
            let tries = [
                (voucher, voucher), (voucher, "not-the-password"), (Self.account, Self.password),
                (Self.account, "not-the-password"), ("nobody@nowhere.test", "not-the-password"),
            ]
            let codes = try await tries.asyncMap {
                try await installation.radclient.authenticate([
                    "User-Name = \"\($0.0)\"", "User-Password = \"\($0.1)\"", station,
                ]).code
            }
            #expect(codes == ["Access-Accept", "Access-Reject", "Access-Accept", "Access-Reject", "Access-Reject"])
        }

        private func records(_ installation: Installation, _ voucher: String, _ status: String) async throws {
            let reply = try await installation.radclient.account([
                "Acct-Status-Type = \(status)", "Acct-Session-Id = \"log-1\"", "User-Name = \"\(voucher)\"",
                "Calling-Station-Id = \"\(Self.device)\"", "Framed-IP-Address = \(Self.address)",
            ])
            #expect(reply.code == "Accounting-Response", "\(reply.text)")
        }

        /// A visitor who types nothing, a code that nobody has, and one that is his; a forged form; a page that is not.
        private func visit(_ installation: Installation, voucher: String) async throws {
            let jar = installation.folder.path("cookies"), portal = installation.portalURL(of: "127.0.0.1")
            let curl = ["curl", "-s", "-b", jar, "-c", jar]
            let device = Self.device.replacingOccurrences(of: "-", with: ":")
            let page = try await Command(curl + ["\(portal)?mac=\(device)&ip=\(Self.address)"]).run()
            for code in ["", "22222-22222", voucher] {
                var form = ["method=voucher", "lang=fr", "code=\(code)"]
                for field in ["t", "x"] {
                    let value = page.firstMatch(of: try Regex("name=\"\(field)\" value=\"([^\"]*)\""))?[1].substring
                    form.append("\(field)=\(value ?? "")")
                }
                try await Command(curl + form.flatMap { ["--data-urlencode", $0] } + ["\(portal)/login"]).run()
            }
            try await Command(curl + ["-d", "t=forged&x=forged&code=\(voucher)", "\(portal)/login"]).run()
            try await Command(curl + ["\(portal)?mac=\(device.dropLast())"]).run()
            try await Command(curl + ["\(portal)/nowhere/\(voucher)", "\(portal)/status"]).run()
        }
    }
}

extension Sequence {
    /// One after the other.
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
