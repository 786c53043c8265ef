import Foundation

/// What the kernel knows of this process, under the names Prometheus clients use everywhere.
enum ProcessMetrics {
    static func render(version: String) -> String {
        var text = "# TYPE socle_build_info gauge\nsocle_build_info{version=\"\(version)\"} 1\n"
        let cpu = clock()  // microseconds of all threads, by POSIX
        if cpu >= 0 {
            let seconds = Double(cpu) / 1_000_000
            text += "# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total \(seconds)\n"
        }
        if let bytes = residentBytes() {
            text += "# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes \(bytes)\n"
        }
        if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            text += "# TYPE process_open_fds gauge\nprocess_open_fds \(descriptors)\n"
        }
        return text
    }

    /// Resident memory in bytes, as /proc tells it.
    static func residentBytes() -> Int? {
        guard let statm = try? String(contentsOfFile: "/proc/self/statm", encoding: .ascii) else { return nil }
        let fields = statm.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
