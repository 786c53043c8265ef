/// The text of attributes inside an attribute: `{NAME = value, NAME = {NAME = "text"}}`.
enum StructuredText {
    /// The names and values between the outermost braces; nil for anything else. Values are not looked into, so that the
    /// depth of braces costs nothing here.
    static func fields(of text: String) -> [(name: String, value: String)]? {
        guard text.first == "{", text.last == "}" else { return nil }
        var fields: [(String, String)] = []
        for part in split(text.dropFirst().dropLast()) {
            guard let equals = part.firstIndex(of: "=") else { return nil }
            let (name, value) = (trimmed(part[..<equals]), trimmed(part[part.index(after: equals)...]))
            guard !name.isEmpty else { return nil }
            fields.append((name, value))
        }
        return fields
    }

    /// Cuts at the commas that are in neither quotes nor braces.
    private static func split(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var (start, depth, isQuoted, isEscaped) = (text.startIndex, 0, false, false)
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted {
                isEscaped = character == "\\"
                if character == "\"" { isQuoted = false }
            } else if character == "\"" {
                isQuoted = true
            } else if character == "{" {
                depth += 1
            } else if character == "}" {
                depth -= 1
            } else if character == ",", depth == 0 {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        return parts + [text[start...]]
    }

    private static func trimmed(_ text: Substring) -> String {
        let head = text.drop { $0 == " " }
        return String(head.reversed().drop { $0 == " " }.reversed())
    }
}
