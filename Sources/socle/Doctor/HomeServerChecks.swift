import Foundation
import RADIUS
import Territory

/// Asks each home server over UDP whether it is there and holds our secret (Status-Server, RFC 5997).
///
/// By our own client: libradcli 1.2 sends Status-Server without Message-Authenticator, which servers must drop (RFC 5997 §3),
/// so that its silence would say nothing.
struct HomeServerChecks {
    let configuration: Configuration
    /// How long each of three tries is waited for.
    var patienceMilliseconds: Int32 = 1_000

    func findings() async -> [Finding] {
        let servers = (configuration.access.proxy?.servers ?? []).filter { $0.transport == .udp && $0.statusServer }
        return await withTaskGroup(of: (Int, [Finding]).self) { group in
            for (index, server) in servers.enumerated() {
                group.addTask { (index, await ask(server)) }
            }
            var found: [(Int, [Finding])] = []
            for await result in group { found.append(result) }
            return found.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    /// On a thread of its own: what it waits for takes seconds.
    private func ask(_ server: Configuration.Proxy.Server) async -> [Finding] {
        let patience = patienceMilliseconds
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let ports = [("authentication", server.authenticationPort), ("accounting", server.accountingPort)]
                let found = ports.filter { $0.1 != 0 }.map { service, port in
                    do {
                        let secret = try SharedSecret(CommandFile.secret(server.secretFile).bytes)
                        let socket = try RehearsalSocket(
                            host: server.address, port: port, secret: secret, patienceMilliseconds: patience)
                        let request = try secret.statusServer(identifier: .random(in: .min ... .max))
                        return Self.judge(socket.exchange(request), of: server.name, service, port: port)
                    } catch {
                        return Finding.failure("home server \(server.name)", error)
                    }
                }
                continuation.resume(returning: found)
            }
        }
    }

    static func judge(_ answer: RehearsalAnswer, of name: String, _ service: String, port: Int) -> Finding {
        let subject = "home server \(name)"
        switch answer {
        case .reply(_, _, let milliseconds, _):
            return .fine(subject, "answers for \(service) within \(Int(milliseconds.rounded(.up))) ms")
        case .unbelievable:
            return .fault(
                subject, "it answers for \(service) with another secret than ours",
                mend: "agree with its operators on the secret in its secret_file")
        case .refused:
            return .fault(
                subject, "nobody listens at its port \(port) for \(service)", mend: "ask its operators for its ports")
        case .silence:
            return .warning(
                subject, "it does not answer Status-Server for \(service)",
                mend: "it is away, or does not know this machine's address or our secret; "
                    + "if it knows no Status-Server, say status_server: false")
        }
    }
}
