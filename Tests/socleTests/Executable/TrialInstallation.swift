import Foundation

@testable import socle

/// A directory with a configuration of its own, removed afterwards.
struct TrialInstallation {
    let folder: String
    let config: String
    var embedded: String { folder + "/data" }
    /// The options that name it.
    var options: [String] { ["--config", config, "--embedded", embedded] }

    static func with(_ extra: String = "", migrations: String? = nil, _ body: (TrialInstallation) async throws -> Void)
        async throws
    {
        let folder = "/tmp/socle-test-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let root = ConfigurationTests.packageRoot.path
        let port = Int.random(in: 20_000...31_000)
        let text = """
            paths:
              packages: \(root)/config/packages
              equipment: \(root)/config/equipment
              dictionaries: \(root)/config/dictionaries
              portal: \(root)/config/portal
              migrations: \(migrations ?? "\(root)/migrations")
            access:
              listen: [127.0.0.1]
              authentication_port: \(port)
              accounting_port: \(port + 1)
            portal: { listen: "127.0.0.1:0" }
            admin: { listen: "127.0.0.1:0" }
            \(extra)
            """
        let config = folder + "/socle.yaml"
        try text.write(toFile: config, atomically: true, encoding: .utf8)
        try await body(TrialInstallation(folder: folder, config: config))
    }

    /// Runs a verb on it.
    func socle(_ arguments: String..., input: String = "") async throws -> Executable.Outcome {
        try await Executable.run(arguments + options, input: input)
    }
}
