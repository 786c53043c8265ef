import Foundation

/// FreeRADIUS's `radclient`, asking one server.
struct Radclient: Sendable {
    /// What it received.
    struct Reply: Sendable {
        /// `Access-Accept`, `Access-Reject`, `Accounting-Response`, …; nil when nothing came that the secret verifies.
        let code: String?
        /// Name and value of each attribute, as radclient prints them; strings without their quotes.
        let attributes: [(name: String, value: String)]
        /// All it said.
        let text: String

        func first(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
    }

    /// Of the server; an IPv6 address in brackets.
    var host = "127.0.0.1"
    let ports: Ports
    var secret: String
    /// How a command line becomes a command, for running it at a place of a lab.
    var command: @Sendable ([String], String) -> Command = { Command($0, input: $1, limit: 30) }

    /// An Access-Request; with a Message-Authenticator, as every client sends it since BlastRADIUS.
    func authenticate(_ attributes: [String], tries: Int = 3) async throws -> Reply {
        try await ask("auth", ports.authentication, attributes + ["Message-Authenticator = 0x00"], tries: tries)
    }

    /// An Accounting-Request.
    func account(_ attributes: [String], tries: Int = 3) async throws -> Reply {
        try await ask("acct", ports.accounting, attributes, tries: tries)
    }

    /// Status-Server (RFC 5997).
    func status(port: UInt16) async throws -> Reply { try await ask("status", port, ["Message-Authenticator = 0x00"]) }

    private func ask(_ kind: String, _ port: UInt16, _ attributes: [String], tries: Int = 3) async throws -> Reply {
        let arguments = ["radclient", "-x", "-t", "1", "-r", String(tries), "\(host):\(port)", kind, secret]
        let outcome = try await command(arguments, attributes.joined(separator: "\n") + "\n").outcome()
        return Self.parse(outcome.text)
    }

    static func parse(_ text: String) -> Reply {
        var code: String?
        var attributes: [(name: String, value: String)] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("Received ") {
                code = line.split(separator: " ").dropFirst().first.map(String.init)
                attributes = []
            } else if code != nil, line.hasPrefix("\t"), let equals = line.range(of: " = ") {
                let value = line[equals.upperBound...].trimmingCharacters(in: ["\""])
                attributes.append((String(line[..<equals.lowerBound].dropFirst()), value))
            } else if !line.hasPrefix("\t"), code != nil, line.hasPrefix("Sent ") {
                code = nil
            }
        }
        return Reply(code: code, attributes: attributes, text: text)
    }
}
