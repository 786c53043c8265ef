import ArgumentParser
import Foundation

/// `socle radius bench`: the load driver of `deploy/bench`.
struct RADIUSBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Load a RADIUS server and measure it.",
        discussion: """
            Keeps --window requests outstanding (how much can it do?) or, with --rate, sends at that rate whatever happens \
            (how long does it take?). Every reply is verified. Only ever aim it at a server of your own.

            With an EAP method the window is of devices that log in again and again, a login counts as one request, and the \
            server's certificate is not checked: socle radius test does that.

            socle radius bench --mode pap --port 1812 --secret-file s --credentials users.csv --cpu server:1234
            socle radius bench --mode ttls-pap --resume --window 16 --secret-file s --credentials users.csv
            """)

    @Option(help: "\(LoadOptions.Mode.all.map(\.name).joined(separator: ", ")).") var mode = "pap"
    @Option(help: "Address of the server.") var host = "127.0.0.1"
    @Option(help: "UDP port.") var port: UInt16 = 1812
    @Option(help: "Another server's port there; requests go to each in turn. Repeatable.") var alsoPort: [UInt16] = []
    @Option(help: "Gateways that ask, each from an address of its own: 127.1.0.1 and on. 0: one, as the kernel likes.")
    var sources = 0
    @Flag(help: "EAP: resume the TLS session of the login before.") var resume = false
    @Option(help: "File with the shared secret.") var secretFile: String
    @Option(help: "File of login,password lines.") var credentials: String?
    @Option(help: "Closed loop: requests outstanding (1…4096).") var window = 64
    @Option(help: "Open loop: requests a second.") var rate: Double?
    @Option(help: "Seconds measured.") var seconds = 5.0
    @Option(help: "Seconds before measuring.") var warmUp = 1.0
    @Option(help: "Seconds before a request is sent again; doubles each time.") var retransmit = 2.0
    @Option(help: "How often a request is sent before it counts as lost.") var tries = 3
    @Option(help: "Accounting: sessions at a time.") var sessions = 1_024
    @Option(help: "Accounting: interims in a session.") var interims = 1
    @Option(
        help: "Accounting: log every user in at this port first, and send the Class that came, as gateways do.")
    var loginPort: UInt16?
    @Option(help: "label:pid; report the processor time of a process and its children. Repeatable.") var cpu: [String] =
        []
    @Option(help: "Name of the run in the report; begins the session identifiers.") var tag = "run"
    @Flag(help: "Print one JSON object instead of a line.") var json = false

    func run() throws {
        let report = try measure()
        Console.print(json ? try report.json() : report.line)
    }

    private func measure() throws -> LoadReport {
        var options = try options()
        if let loginPort { options.classes = try classes(options, loginPort) }
        var run = try LoadRun(options, seed: UInt64(getpid()))
        return try run.run(cpu: try processes())
    }

    private func classes(_ accounting: LoadOptions, _ port: UInt16) throws -> [[UInt8]] {
        var options = accounting
        (options.mode, options.ports, options.ratePerSecond, options.window) = (.pap, [port], nil, 128)
        var run = try LoadRun(options, seed: UInt64(getpid()) << 1)
        return try run.logIn()
    }

    func validate() throws {
        guard let chosen = LoadOptions.Mode(mode) else {
            throw ValidationError("--mode: \(LoadOptions.Mode.all.map(\.name).joined(separator: ", "))")
        }
        if chosen.isEAP, rate != nil { throw ValidationError("--rate is not for EAP: a login is many packets") }
        if resume, !chosen.isEAP { throw ValidationError("--resume is for EAP") }
        guard (0...256).contains(sources) else { throw ValidationError("--sources: 0 to 256") }
        guard (1...4_096).contains(window) else { throw ValidationError("--window: 1 to 4096") }
        guard rate.map({ (1...1_000_000).contains($0) }) ?? true else {
            throw ValidationError("--rate: 1 to 1000000")
        }
        guard (0.1...3_600).contains(seconds), (0...600).contains(warmUp) else {
            throw ValidationError("--seconds: 0.1 to 3600, --warm-up: 0 to 600")
        }
        guard (0.01...60).contains(retransmit), (1...20).contains(tries) else {
            throw ValidationError("--retransmit: 0.01 to 60, --tries: 1 to 20")
        }
        guard (1...1_000_000).contains(sessions), (0...1_000).contains(interims) else {
            throw ValidationError("--sessions: 1 to 1000000, --interims: 0 to 1000")
        }
        if loginPort != nil, mode != "accounting" || credentials == nil {
            throw ValidationError("--login-port is for accounting, and needs --credentials")
        }
        if credentials == nil, chosen != .accounting, chosen != .status {
            throw ValidationError("--credentials is needed for \(mode)")
        }
    }

    private func options() throws -> LoadOptions {
        let secret = try String(contentsOfFile: secretFile, encoding: .utf8).trimmingCharacters(in: .newlines)
        let users = try credentials.map { file in
            try LoadCredential.parse(try String(contentsOfFile: file, encoding: .utf8))
        }
        if let users, users.isEmpty { throw LoadFault("--credentials: the file has no line") }
        var options = LoadOptions(
            mode: LoadOptions.Mode(mode) ?? .pap, host: host, ports: [port] + alsoPort, secret: Array(secret.utf8),
            window: window, ratePerSecond: rate, seconds: seconds, warmUpSeconds: warmUp, retransmitSeconds: retransmit,
            tries: tries, sessions: sessions, interims: interims, credentials: users ?? [], tag: tag)
        (options.sources, options.resumes) = (sources, resume)
        return options
    }

    private func processes() throws -> [ProcessCPU] {
        try cpu.map {
            guard let process = ProcessCPU(argument: $0) else { throw LoadFault("--cpu \($0): expected label:pid") }
            return process
        }
    }
}
