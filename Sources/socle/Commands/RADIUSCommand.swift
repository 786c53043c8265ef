import ArgumentParser

/// `socle radius`: tools that speak RADIUS.
struct RADIUSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "radius", abstract: "Watch the RADIUS daemon, rehearse logins, measure a server.",
        subcommands: [RADIUSTestCommand.self, RADIUSWatchCommand.self, RADIUSBenchCommand.self])
}
