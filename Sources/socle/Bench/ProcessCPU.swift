import Foundation

/// The processor time, user and system, that a process and its living descendants have used since they started.
///
/// Read from `/proc`. Descendants that ended between two readings are missing, so measure servers whose workers stay.
struct ProcessCPU: Sendable {
    let label: String
    let pid: Int32

    /// `label:pid`, as the command line takes it.
    init?(argument: String) {
        let parts = argument.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let pid = Int32(parts[1]), pid > 0 else { return nil }
        self.label = String(parts[0])
        self.pid = pid
    }

    /// Seconds of processor time by process number. A process that has gone is left out.
    func seconds() -> [Int32: Double] {
        let processes = Self.allProcesses()
        var children: [Int32: [Int32]] = [:]
        for (pid, process) in processes { children[process.parent, default: []].append(pid) }
        var result: [Int32: Double] = [:]
        var pending = [pid]
        while let next = pending.popLast() {
            guard result[next] == nil, let process = processes[next] else { continue }
            result[next] = process.seconds
            pending += children[next] ?? []
        }
        return result
    }

    /// What was used between two readings of `seconds()`, counting only processes seen in the later one.
    static func used(from earlier: [Int32: Double], to later: [Int32: Double]) -> Double {
        later.reduce(0) { $0 + $1.value - (earlier[$1.key] ?? 0) }
    }

    private struct Stat {
        let parent: Int32
        let seconds: Double
    }

    private static func allProcesses() -> [Int32: Stat] {
        let ticks = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
        var result: [Int32: Stat] = [:]
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = Int32(name), let text = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")")
            else { continue }
            // After the command name in parentheses: state, parent, …, with utime and stime as 14th and 15th of all fields.
            let fields = text[text.index(after: end)...].split(separator: " ")
            guard fields.count > 12, let parent = Int32(fields[1]), let user = Double(fields[11]),
                let system = Double(fields[12])
            else { continue }
            result[pid] = Stat(parent: parent, seconds: (user + system) / ticks)
        }
        return result
    }
}
