import ArgumentParser
import Foundation

/// `socle radius watch`: live decisions with their reasons.
struct RADIUSWatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show decisions while they are made, with their reasons.",
        discussion: """
            Asks the admin port of the daemon on this machine; elsewhere nobody is shown anything. What is printed names \
            people and their devices: look, and keep no copy. A result with * was decided from memory while the database \
            was away. Ends with the daemon, or with Ctrl-C.

            socle radius watch --site mairie-vaucouleurs --reason reject
            """)

    @Option(help: "Only at the site with this slug.") var site: String?
    @Option(help: "Only from the gateway of this name or number.") var nas: String?
    @Option(help: "Only this User-Name, in any case.") var user: String?
    @Option(help: "Only this reason (wrong-password, …) or result (accept, reject, drop).") var reason: String?
    @Flag(help: "Print JSON, one object a line.") var json = false
    @OptionGroup var installation: InstallationOptions

    func run() throws {
        let configuration = try installation.load()
        if !json { Console.print(WatchLine.heading) }
        try LineConnection(listen: configuration.administration.listen).read(path) { text in
            guard let line = WatchLine(text) else { return }
            Console.print(json ? text : line.shown())
        }
    }

    private var path: String {
        let asked = [("site", site), ("nas", nas), ("user", user), ("reason", reason)]
        let query = asked.compactMap { name, value in
            value?.addingPercentEncoding(withAllowedCharacters: .alphanumerics).map { "\(name)=\($0)" }
        }
        return DecisionStream.path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }
}
