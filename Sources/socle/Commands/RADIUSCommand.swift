import ArgumentParser

/// `socle radius`: tools that speak RADIUS.
struct RADIUSCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "radius", abstract: "Speak RADIUS to a server: measure it.", subcommands: [RADIUSBenchCommand.self]
    )
}
