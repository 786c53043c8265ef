import ArgumentParser
import CLinux
import Foundation

/// Parses the arguments, runs the command and ends the process with its status. Errors are rendered here and nowhere else.
struct CommandRun {
    let arguments: [String]

    func perform() async -> Never {
        // A thread that blocks signals hands its mask down to the processes it starts; ours end when they are told to.
        socle_unblock_signals()
        do {
            var command = try SocleCommand.parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            exit(ExitStatus.success.rawValue)
        } catch {
            let (status, text) = CommandRun.rendering(of: error)
            if let text { Console.error(text) }
            guard let status else { SocleCommand.exit(withError: error) }
            exit(status.rawValue)
        }
    }

    /// The exit status and the text for an error; a nil status means that ArgumentParser knows best (help, usage).
    static func rendering(of error: any Error) -> (status: ExitStatus?, text: String?) {
        switch error {
        case let failure as Failure:
            return (failure.status, "socle: \(failure)")
        case let faults as ConfigurationFaults:
            return (.configuration, faults.description)
        case is ExitCode, is CleanExit, is ValidationError:
            return (nil, nil)
        default:
            if let failure = Failure(describing: error) { return (failure.status, "socle: \(failure)") }
            return (nil, nil)
        }
    }
}
