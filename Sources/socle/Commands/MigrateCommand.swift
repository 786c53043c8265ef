import ArgumentParser
import Postgres

/// `socle migrate`: the schema of this executable, and the installation key.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database to this version's schema.",
        discussion: """
            Applies the numbered files that are missing, each in a transaction; several at once wait for each other. Refuses a \
            file that was edited after it was applied, by name. Makes the installation key file if there is none. Connects \
            as database.owner.
            """)

    @Flag(help: "Say what would be applied and change nothing.") var dryRun = false
    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        let configuration = try installation.load()
        let migrator = try Migrator(directory: configuration.paths.migrations)
        if dryRun {
            let status = try await DatabaseSession.with(configuration.database.owner) { try await migrator.status($0) }
            for name in status.pending { Console.print("would apply \(name)") }
            Console.print("\(status.applied.count) applied, \(status.pending.count) to apply")
            return
        }
        let applied = try await Installation.migrate(configuration, migrator)
        for name in applied { Console.print("applied \(name)") }
        Console.print(applied.isEmpty ? "nothing to do: \(migrator.migrations.count) files, all applied" : "done")
    }
}
