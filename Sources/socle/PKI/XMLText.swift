/// An element of an XML document.
struct XMLText {
    let name: String
    let attributes: [(name: String, value: String)]
    let children: [XMLText]
    let text: String?

    init(_ name: String, attributes: [(name: String, value: String)] = [], _ children: [XMLText]) {
        (self.name, self.attributes, self.children, text) = (name, attributes, children, nil)
    }

    init(_ name: String, attributes: [(name: String, value: String)] = [], text: String) {
        (self.name, self.attributes, children, self.text) = (name, attributes, [], text)
    }

    /// The document, with a line end after it.
    var document: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + lines(0).joined(separator: "\n") + "\n" }

    private func lines(_ depth: Int) -> [String] {
        let indentation = String(repeating: "  ", count: depth)
        let start = attributes.reduce(name) { $0 + " \($1.name)=\"\(Self.escaped($1.value))\"" }
        if let text { return ["\(indentation)<\(start)>\(Self.escaped(text))</\(name)>"] }
        if children.isEmpty { return ["\(indentation)<\(start)/>"] }
        return ["\(indentation)<\(start)>"] + children.flatMap { $0.lines(depth + 1) } + ["\(indentation)</\(name)>"]
    }

    /// Text as it may stand in an element or, between double quotes, in an attribute.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&apos;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Whether XML 1.0 (§2.2) can hold a text at all.
    static func isWritable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
            default: false
            }
        }
    }
}
