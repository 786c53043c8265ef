/// A line of the product's log in its `text` format: `key=value`, values with blanks in quotation marks.
struct LogLine: Sendable, CustomStringConvertible {
    let description: String
    let fields: [String: String]

    /// nil: the line has not that form, or lacks time, level, logger or message, or names a field twice.
    init?(_ line: Substring) {
        description = String(line)
        var fields: [String: String] = [:]
        var rest = line
        while !rest.isEmpty {
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let key = String(rest[..<equals])
            rest = rest[equals...].dropFirst()
            guard let value = Self.value(&rest), fields.updateValue(value, forKey: key) == nil else { return nil }
            guard rest.isEmpty || rest.popFirst() == " " else { return nil }
        }
        guard ["time", "level", "logger", "message"].allSatisfy({ fields[$0] != nil }) else { return nil }
        self.fields = fields
    }

    private static func value(_ rest: inout Substring) -> String? {
        guard rest.first == "\"" else {
            let value = rest.prefix { $0 != " " }
            rest = rest[value.endIndex...]
            return value.contains("=") || value.contains("\"") ? nil : String(value)
        }
        rest = rest.dropFirst()
        var value = ""
        while let character = rest.popFirst() {
            if character == "\"" { return value }
            if character == "\\" {
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped)
            } else {
                value.append(character)
            }
        }
        return nil
    }
}
