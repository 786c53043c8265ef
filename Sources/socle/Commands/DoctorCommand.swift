import ArgumentParser
import Foundation

/// `socle doctor`: what is wrong with this installation, and how to mend it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is wrong with this installation and how to mend it.",
        discussion: """
            Looks at the configuration, files and their modes, the installation key, the database as each role, the schema, \
            durability settings, partitions, clocks, ports, packages, certificates, the spool, gateways, and addresses that \
            send RADIUS without being declared. Changes nothing. Run it as the user the daemons run as. Exit status 0: no \
            fault, perhaps warnings; 1: faults; 78: the configuration file itself.
            """)

    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Also print what is right.") var verbose = false
    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        let findings = await Doctor(configuration: try installation.load(), now: .now).examine()
        let faults = findings.count { $0.severity == .fault }
        if json {
            try Console.json(findings)
        } else {
            for severity in Finding.Severity.allCases where severity != .fine || verbose {
                for finding in findings where finding.severity == severity { Console.print(finding.lines) }
            }
            let warnings = findings.count { $0.severity == .warning }
            Console.print("\(faults) faults, \(warnings) warnings, \(findings.count - faults - warnings) fine")
        }
        if faults > 0 { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}
