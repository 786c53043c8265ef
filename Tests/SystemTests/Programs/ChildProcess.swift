import Foundation
import Synchronization

/// A program of ours, from its start to the moment it has ended.
///
/// Foundation's `Process` learns of the end on Linux by a socket that the program's own children inherit, and so waits for
/// every daemon that the program left behind; this one waits for the program itself.
final class ChildProcess: Sendable {
    private struct State {
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    /// Its number.
    let identifier: pid_t
    private let state = Mutex(State())

    /// Starts a program found by `PATH`, with files for its input and outputs; outputs are appended to.
    init(
        _ arguments: [String], environment: [String: String] = [:], input: String = "/dev/null", output: String,
        errors: String? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let mode = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, mode, 0o644)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors ?? output, mode, 0o644)
        // The test runner's own signal dispositions are not for others: one ignores SIGINT, which is how a capture ends.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t(), every = sigset_t()
        sigemptyset(&none)
        sigfillset(&every)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &every)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let merged = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let argv = Self.strings(arguments), envp = Self.strings(merged.map { "\($0)=\($1)" })
        defer { (argv + envp).forEach { free($0) } }
        var number = pid_t()
        let code = posix_spawnp(&number, arguments.first ?? "", &actions, &attributes, argv, envp)
        guard code == 0 else {
            throw Command.Failure(
                description: "cannot start \(arguments.first ?? ""): \(String(cString: strerror(code)))")
        }
        identifier = number
        Thread.detachNewThread { self.watch() }
    }

    private func watch() {
        var raw: Int32 = 0
        while waitpid(identifier, &raw, 0) < 0, errno == EINTR {}
        // WIFEXITED and its like are macros that Swift does not import.
        let signal = raw & 0x7f
        let status = signal == 0 ? (raw >> 8) & 0xff : 128 + signal
        let waiting = state.withLock { state in
            state.status = status
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }

    /// What it ended with, 128 + signal when a signal ended it; nil while it runs.
    var status: Int32? { state.withLock { $0.status } }

    /// Sends a signal, unless it has ended: its number may be another's by then.
    func send(_ signal: Int32) { state.withLock { if $0.status == nil { kill(identifier, signal) } } }

    /// Waits for its end. When the task is cancelled (a time limit has passed) the program is told to end.
    func ended() async -> Int32 {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let status = state.withLock { state in
                    if state.status == nil { state.waiting.append(continuation) }
                    return state.status
                }
                if let status { continuation.resume(returning: status) }
            }
        } onCancel: {
            send(SIGTERM)
        }
    }

    private static func strings(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] {
        strings.map { strdup($0) } + [nil]
    }
}
