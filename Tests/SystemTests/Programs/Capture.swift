import Foundation

/// Packets of the loopback interface, taken by `dumpcap` and decoded by `tshark`.
struct Capture: Sendable {
    private let dumpcap: Daemon
    private let file: String
    private let ports: Ports
    private let secret: String

    /// Captures what goes to and comes from the RADIUS ports of one installation.
    static func started(in folder: TemporaryFolder, ports: Ports, secret: String) async throws -> Capture {
        let file = folder.path("capture.pcapng")
        let filter = [ports.authentication, ports.accounting, ports.authorization].map { "udp port \($0)" }
            .joined(separator: " or ")
        let dumpcap = try Daemon(
            "dumpcap", ["dumpcap", "-q", "-i", "lo", "-f", filter, "-w", file],
            log: folder.url.appending(path: "dumpcap.log"))
        try await eventually("dumpcap captures") { dumpcap.text.contains("File:") || dumpcap.status != nil }
        if let status = dumpcap.status {
            throw Command.Failure(description: "dumpcap ended with \(status), capturing needs root: \(dumpcap.text)")
        }
        return Capture(dumpcap: dumpcap, file: file, ports: ports, secret: secret)
    }

    /// Waits until `count` packets were captured, ends the capture and returns the fields of each packet.
    func packets(_ count: Int, fields: [String]) async throws -> [[String: String]] {
        try await eventually("\(count) packets are captured") { try await read(["frame.number"]).count >= count }
        dumpcap.send(SIGINT)
        try await dumpcap.ended()
        return try await read(fields)
    }

    /// The packets captured so far.
    func read(_ fields: [String]) async throws -> [[String: String]] {
        // The file of a running capture may end inside a packet: tshark says so with its status and prints what is whole.
        let text = try await Command(
            [
                "tshark", "-r", file, "-d", "udp.port==\(ports.authentication),radius", "-d",
                "udp.port==\(ports.accounting),radius", "-d", "udp.port==\(ports.authorization),radius", "-o",
                "radius.shared_secret:\(secret)", "-o",
                "radius.validate_authenticator:TRUE", "-T", "fields", "-E", "separator=/t",
            ] + fields.flatMap { ["-e", $0] }
        ).outcome().output
        return text.split(separator: "\n").map { line in
            let values = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(zip(fields, values)) { first, _ in first }
        }
    }
}
