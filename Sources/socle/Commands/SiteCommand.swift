import ArgumentParser

/// `socle site`: places with WiFi.
struct SiteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "site", abstract: "Places with WiFi, each made from a package.",
        subcommands: [SiteCreateCommand.self, SiteCloneCommand.self, SiteListCommand.self, SiteShowCommand.self])
}
