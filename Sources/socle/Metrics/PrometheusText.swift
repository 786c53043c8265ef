/// The Prometheus text format, version 0.0.4.
enum PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// A metric name: what is not allowed becomes an underscore.
    static func name(_ text: String) -> String { cleaned(text, colons: true) }

    /// `{a="b",c="d"}` with values escaped, in the order of the names; empty without labels.
    static func labels(_ dimensions: [(String, String)]) -> String {
        guard !dimensions.isEmpty else { return "" }
        let pairs = dimensions.map { (cleaned($0.0, colons: false), escaped($0.1)) }.sorted { $0 < $1 }
        return "{" + pairs.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",") + "}"
    }

    /// The same labels and one more.
    static func adding(_ name: String, _ value: String, to labels: String) -> String {
        labels.isEmpty ? "{\(name)=\"\(value)\"}" : "\(labels.dropLast()),\(name)=\"\(value)\"}"
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && value.magnitude < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    static func escaped(_ value: String) -> String {
        var result = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    private static func cleaned(_ text: String, colons: Bool) -> String {
        var result = ""
        for character in text.unicodeScalars {
            let plain = ("a"..."z").contains(character) || ("A"..."Z").contains(character) || character == "_"
            let digit = ("0"..."9").contains(character) && !result.isEmpty
            let allowed = plain || digit || (colons && character == ":")
            result.unicodeScalars.append(allowed ? character : "_")
        }
        return result.isEmpty ? "_" : result
    }
}
