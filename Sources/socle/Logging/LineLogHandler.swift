import Foundation
import Logging

/// Writes one line for each event to standard error, as logfmt or JSON, in one system call so that lines of several
/// threads do not mix. A value whose key names a secret is not written, whoever put it there.
struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let format: Configuration.Logging.Format
    private let write: @Sendable (String) -> Void

    init(
        label: String, format: Configuration.Logging.Format, level: Logger.Level,
        write: @escaping @Sendable (String) -> Void = LineLogHandler.standardError
    ) {
        (self.label, self.format, self.logLevel, self.write) = (label, format, level, write)
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        let fields = all.sorted { $0.key < $1.key }.map { ($0.key, LineLogHandler.shown($0.key, $0.value)) }
        let head = [
            ("time", LineLogHandler.timestamp()), ("level", event.level.rawValue), ("logger", label),
            ("message", event.message.description),
        ]
        switch format {
        case .text: write(LogLine.logfmt(head + fields))
        case .json: write(LogLine.json(head + fields))
        }
    }

    private static func shown(_ key: String, _ value: Logger.MetadataValue) -> String {
        let lowered = key.lowercased()
        let secret = ["password", "secret", "token", "credential", "authorization", "cookie"]
        return secret.contains { lowered.contains($0) } ? "[redacted]" : "\(value)"
    }

    private static func timestamp() -> String {
        Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// One write of the whole line. A line that cannot be written is lost: there is nowhere left to say so.
    static func standardError(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            _ = Foundation.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }
}

/// The two spellings of a log line. Neither lets a value start a new line or a new field.
enum LogLine {
    static func logfmt(_ fields: [(String, String)]) -> String {
        fields.map { "\($0.0)=\(quotedIfNeeded($0.1))" }.joined(separator: " ") + "\n"
    }

    static func json(_ fields: [(String, String)]) -> String {
        var seen: Set<String> = []
        // A duplicate key in an object means different things to different readers: the first one wins.
        let unique = fields.filter { seen.insert($0.0).inserted }
        return "{" + unique.map { "\(quoted($0.0)):\(quoted($0.1))" }.joined(separator: ",") + "}\n"
    }

    private static func quotedIfNeeded(_ value: String) -> String {
        let plain =
            !value.isEmpty
            && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 != 0x7F && $0 != 0x5C }
        return plain ? value : quoted(value)
    }

    static func quoted(_ value: String) -> String {
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case let control where control.value < 0x20 || control.value == 0x7F:
                let digits = String(control.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
