import Foundation
import Synchronization

/// `socle serve` as a process, followed by what it logs.
final class RunningServer: Sendable {
    struct TookTooLong: Error, CustomStringConvertible {
        let description: String
    }

    private struct State {
        var lines: [String] = []
        var status: Int32?
        var waiters: [(test: @Sendable (State) -> Bool, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private let state = Mutex(State())
    let pid: Int32

    init(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: Executable.path)
        process.arguments = ["serve"] + arguments
        let pipe = Pipe()
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        pid = process.processIdentifier
        let handle = pipe.fileHandleForReading
        Thread.detachNewThread { [self] in
            var rest = Data()
            while case let part = handle.availableData, !part.isEmpty {
                rest.append(part)
                while let end = rest.firstIndex(of: 0x0A) {
                    let line = String(decoding: rest[..<end], as: UTF8.self)
                    rest = Data(rest[rest.index(after: end)...])
                    change { $0.lines.append(line) }
                }
            }
            process.waitUntilExit()
            change { $0.status = process.terminationStatus }
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let met = state.withLock { state in
            body(&state)
            let met = state.waiters.filter { $0.test(state) }
            let current = state
            state.waiters.removeAll { $0.test(current) }
            return met
        }
        for waiter in met { waiter.continuation.resume(returning: true) }
    }

    /// Waits for the log or the end to be so; every line counts from the start of the process.
    private func wait(_ what: String, within limit: Duration, _ test: @escaping @Sendable (State) -> Bool) async throws
    {
        let met = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await withCheckedContinuation { continuation in
                    let now = self.state.withLock { state in
                        if !test(state) { state.waiters.append((test, continuation)) }
                        return test(state)
                    }
                    if now { continuation.resume(returning: true) }
                }
            }
            group.addTask {
                // The limit of the wait, cancelled when the log says what was waited for.
                try? await Task.sleep(for: limit)
                if !Task.isCancelled { self.giveUp() }
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
        guard met else { throw TookTooLong(description: "\(what) within \(limit); its log:\n\(log)") }
    }

    /// Ends the waiting of everybody.
    private func giveUp() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: false) }
    }

    var log: String { state.withLock { $0.lines.joined(separator: "\n") } }

    /// Waits for a line that has all of these.
    func logs(_ parts: String..., within limit: Duration = .seconds(90)) async throws {
        try await wait("no line with \(parts)", within: limit) { state in
            state.status != nil || state.lines.contains { line in parts.allSatisfy(line.contains) }
        }
        guard log.split(separator: "\n").contains(where: { line in parts.allSatisfy { line.contains($0) } }) else {
            throw TookTooLong(description: "it ended without a line with \(parts); its log:\n\(log)")
        }
    }

    /// The port that the logger of that name said it listens on.
    func port(of logger: String) async throws -> Int {
        try await logs("logger=\(logger) ", "listening on")
        let line = log.split(separator: "\n").first { $0.contains("logger=\(logger) ") && $0.contains("listening on") }
        guard let digits = line?.split(separator: ":").last?.prefix(while: \.isNumber), let port = Int(digits) else {
            throw TookTooLong(description: "no port in \(line ?? "")")
        }
        return port
    }

    func signal(_ number: Int32) { kill(pid, number) }

    /// Its exit status, once it has ended.
    func ended(within limit: Duration = .seconds(60)) async throws -> Int32 {
        try await wait("it did not end", within: limit) { $0.status != nil }
        return state.withLock { $0.status } ?? -1
    }
}
