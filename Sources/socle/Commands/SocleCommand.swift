import ArgumentParser

/// `socle`: the root of the command line.
struct SocleCommand: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "socle",
        abstract: "Public WiFi for the communes of a Département: RADIUS, captive portal and their store.",
        discussion: """
            New here? `socle serve --embedded DIR` starts everything with a private PostgreSQL in DIR; then `socle \
            territory import FILE --embedded DIR` and `socle site create … --embedded DIR` fill it.

            `socle doctor` says what is wrong with an installation and how to mend it.

            Exit status: 0 done, 1 something was found wrong, 64 wrong usage, 65 wrong data in a file, 66 not found, \
            69 database away, 70 our fault, 71 refused by the system, 73 exists already, 77 not permitted, \
            78 wrong configuration or schema.

            Completions: `socle --generate-completion-script bash` (or zsh, fish) prints a script for your shell.
            """,
        version: version,
        subcommands: [
            ServeCommand.self, MigrateCommand.self, CheckConfigCommand.self, DoctorCommand.self, TerritoryCommand.self,
            SiteCommand.self, PackageCommand.self, NASCommand.self, VoucherCommand.self, AccountCommand.self,
            GroupCommand.self,
            WiFiKeyCommand.self, SessionCommand.self, RADIUSCommand.self, PKICommand.self, ArchiveCommand.self,
            DemoCommand.self,
        ])
}
