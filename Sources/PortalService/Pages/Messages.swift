import Territory

/// What the portal says in one language: short texts by key.
struct Messages: Sendable {
    let language: Language
    private let texts: [String: String]

    /// Reads a file of `key = text` lines; `#` starts a comment line.
    ///
    /// Faults name file and line: a line without `=`, an empty text, a key twice.
    static func parse(_ text: String, language: Language, file: String) -> (messages: Messages, faults: [String]) {
        let text = typographic(text, language)
        var texts: [String: String] = [:]
        var faults: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.trimmed
            if trimmed.isEmpty || trimmed.hasPrefix("#") { continue }
            guard let equals = trimmed.firstIndex(of: "=") else {
                faults.append("\(file):\(index + 1): no `=`")
                continue
            }
            let key = String(trimmed[..<equals].trimmed)
            let value = String(trimmed[trimmed.index(after: equals)...].trimmed)
            if value.isEmpty { faults.append("\(file):\(index + 1): `\(key)` is empty") }
            if texts.updateValue(value, forKey: key) != nil {
                faults.append("\(file):\(index + 1): `\(key)` comes twice")
            }
        }
        return (Messages(language: language, texts: texts), faults)
    }

    /// French puts a space before high punctuation and inside quotation marks; it must not end a line.
    static func typographic(_ text: String, _ language: Language) -> String {
        guard language == .french else { return text }
        var set = ""
        for (before, scalar) in zip([" "] + text.unicodeScalars, text.unicodeScalars) {
            let closes = before == " " && ":;?!»".unicodeScalars.contains(scalar)
            if closes, set.unicodeScalars.last == " " { set.unicodeScalars.removeLast() }
            if closes { set += "\u{A0}" }
            if before == "«", scalar == " " { set += "\u{A0}" } else { set.unicodeScalars.append(scalar) }
        }
        return set
    }

    /// The keys there are.
    var keys: Set<String> { Set(texts.keys) }

    /// The text of `key`; the key itself where there is none, which `faults` of the library reports at start.
    func callAsFunction(_ key: String, _ values: KeyValuePairs<String, String> = [:]) -> String {
        Self.fill(texts[key] ?? key, values)
    }

    /// `text` with each `{name}` filled in.
    static func fill(_ text: String, _ values: KeyValuePairs<String, String>) -> String {
        var filled = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            let name = rest[rest.index(after: open)..<close]
            filled += rest[..<open]
            filled += values.first { $0.key == name }?.value ?? String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return filled + rest
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: SubSequence {
        var slice = self[...]
        while slice.first?.isWhitespace == true { slice = slice.dropFirst() }
        while slice.last?.isWhitespace == true { slice = slice.dropLast() }
        return slice
    }
}
