import Logging

/// What the log lines of one HTTP request have in common: a random number, which says nothing of who asked.
enum RequestName {
    /// Of the request that this task serves; nil outside of any.
    @TaskLocal static var current: String?

    /// A new one, 16 hexadecimal digits.
    static func random() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Metadata of a line, with the request it is about.
    static func told(_ metadata: Logger.Metadata = [:]) -> Logger.Metadata {
        guard let current else { return metadata }
        return metadata.merging(["request": "\(current)"]) { own, _ in own }
    }
}
