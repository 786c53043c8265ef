/// Durations as people write them: `500ms`, `30s`, `10m`, `12h`, `2d`.
extension Duration {
    init?(short text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int64(digits), count <= 1_000_000_000 else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": self = .milliseconds(count)
        case "s": self = .seconds(count)
        case "m", "min": self = .seconds(count * 60)
        case "h": self = .seconds(count * 3_600)
        case "d": self = .seconds(count * 86_400)
        default: return nil
        }
    }

    /// Whole seconds, rounded down.
    var wholeSeconds: Int { Int(components.seconds) }

    /// The same spelling, in the largest unit that divides it.
    var short: String {
        let seconds = components.seconds
        let milliseconds = components.attoseconds / 1_000_000_000_000_000
        if milliseconds != 0 { return "\(seconds * 1_000 + milliseconds)ms" }
        if seconds != 0, seconds % 86_400 == 0 { return "\(seconds / 86_400)d" }
        if seconds != 0, seconds % 3_600 == 0 { return "\(seconds / 3_600)h" }
        if seconds != 0, seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}
