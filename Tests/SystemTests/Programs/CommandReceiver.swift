import Foundation

/// FreeRADIUS as what receives CoA and Disconnect requests: it verifies them with the secret and asks for a
/// Message-Authenticator. A session whose name begins with `nak-` is refused with the Error-Cause that follows, any other
/// is acknowledged.
struct CommandReceiver: Sendable {
    /// A request as FreeRADIUS decoded it with its own dictionaries.
    struct Request: Sendable {
        /// `CoA-Request` or `Disconnect-Request`.
        let code: String
        /// Name and value of each attribute, in their order; strings without their quotes.
        var attributes: [(name: String, value: String)] = []

        func first(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
    }

    private let freeradius: Daemon

    /// Starts it at the installation's port for commands.
    static func started(for installation: Installation) async throws -> CommandReceiver {
        let folder = installation.folder.url.appending(path: "freeradius")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try configuration(folder.path, installation).write(
            to: folder.appending(path: "radiusd.conf"), atomically: true, encoding: .utf8)
        let daemon = try Daemon(
            "freeradius", ["freeradius", "-f", "-xx", "-l", "stdout", "-d", folder.path],
            log: folder.appending(path: "freeradius.log"))
        try await eventually("FreeRADIUS listens") {
            daemon.text.contains("Ready to process requests") || daemon.status != nil
        }
        if let status = daemon.status {
            throw Command.Failure(description: "freeradius ended with \(status): \(daemon.text)")
        }
        return CommandReceiver(freeradius: daemon)
    }

    /// Waits for as many requests and returns all there are.
    func requests(_ count: Int) async throws -> [Request] {
        try await eventually("FreeRADIUS receives \(count) requests", within: .seconds(20)) {
            let requests = Self.parse(freeradius.text)
            return requests.count >= count ? requests : nil
        }
    }

    static func parse(_ text: String) -> [Request] {
        var requests: [Request] = []
        var isInside = false
        for line in text.split(separator: "\n") {
            // "(0) Received CoA-Request Id 4 from …", then "(0)   Name = value" for each attribute.
            guard let space = line.firstIndex(of: " "), line.hasPrefix("(") else { continue }
            let rest = line[space...].dropFirst()
            if rest.hasPrefix("Received ") {
                requests.append(Request(code: String(rest.split(separator: " ")[1])))
                isInside = true
            } else if isInside, rest.hasPrefix("  "), let equals = rest.range(of: " = ") {
                let value = rest[equals.upperBound...].trimmingCharacters(in: ["\""])
                requests[requests.count - 1].attributes.append(
                    (rest[..<equals.lowerBound].trimmingCharacters(in: .whitespaces), value))
            } else {
                isInside = false
            }
        }
        return requests
    }

    private static func configuration(_ folder: String, _ installation: Installation) -> String {
        """
        prefix = /usr
        confdir = \(folder)
        run_dir = \(folder)
        logdir = \(folder)
        libdir = /usr/lib/freeradius
        pidfile = \(folder)/freeradius.pid
        client product {
            ipaddr = 127.0.0.1
            secret = \(installation.secret)
            require_message_authenticator = yes
        }
        modules {
            always ok {
                rcode = ok
            }
            always reject {
                rcode = reject
            }
        }
        server gateway {
            listen {
                type = coa
                ipaddr = 127.0.0.1
                port = \(installation.ports.authorization)
                virtual_server = gateway
            }
            recv-coa {
                if (&Acct-Session-Id =~ /^nak-([0-9]+)/) {
                    update reply {
                        &Error-Cause := "%{1}"
                    }
                    reject
                }
                ok
            }
            send-coa {
                ok
            }
        }

        """
    }
}
