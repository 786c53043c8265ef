import ArgumentParser

/// `socle check-config`: every fault of a configuration file at once.
struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Say everything that is wrong with a configuration file.",
        discussion:
            "Reads the file and changes nothing. Exit status 0: it is right; 78: faults, one a line with file, line and key."
    )

    @OptionGroup var installation: InstallationOptions
    @Flag(help: "Print what is in force, defaults included.") var show = false

    func run() throws {
        let file = try installation.file()
        let configuration = try installation.load()
        Console.print(show ? configuration.description : "\(file): no fault")
    }
}
