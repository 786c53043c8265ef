import Testing

/// One line of `attributes.vectors`.
struct AttributeVector: Sendable, CustomTestStringConvertible {
    enum Expectation: Sendable { case octets(String, reversible: Bool), refusal(String) }

    let name: String
    let text: String
    let expectation: Expectation

    var testDescription: String { "\(name) = \(text)" }

    /// The text without the quotes that a description puts around strings.
    var value: String {
        text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"") ? String(text.dropFirst().dropLast()) : text
    }

    static let all: [AttributeVector] = ProjectFiles.vectors("attributes").compactMap { line in
        guard !line.isEmpty, !line.hasPrefix("#"), let equals = line.firstRange(of: " = ") else { return nil }
        for arrow in [" <> ", " -> ", " !! "] {
            guard let range = line.firstRange(of: arrow) else { continue }
            let right = String(line[range.upperBound...])
            return AttributeVector(
                name: String(line[..<equals.lowerBound]), text: String(line[equals.upperBound..<range.lowerBound]),
                expectation: arrow == " !! " ? .refusal(right) : .octets(right, reversible: arrow == " <> "))
        }
        return nil
    }
}
