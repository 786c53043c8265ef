/// A part of a YAML file that knows where it stands, so that a fault found after inheritance still names its own file.
struct DocumentNode: Sendable {
    enum Value: Sendable {
        case null
        /// A scalar, and whether it was written bare: `3` is a number, `"3"` is text.
        case scalar(String, isPlain: Bool)
        case sequence([DocumentNode])
        case mapping([(key: DocumentNode, value: DocumentNode)])
    }

    let file: String
    let line: Int
    let column: Int?
    var value: Value

    /// What it is, for a fault.
    var kind: String {
        switch value {
        case .null: "nothing"
        case .scalar(let text, let isPlain):
            if isPlain, Int64(text) != nil {
                "a number"
            } else if isPlain, ["true", "false"].contains(text) {
                "true or false"
            } else {
                "text"
            }
        case .sequence: "a list"
        case .mapping: "a group of keys"
        }
    }

    var text: String? {
        if case .scalar(let text, _) = value { return text }
        return nil
    }

    func fault(at keyPath: String, _ message: String) -> DocumentFault {
        DocumentFault(file: file, line: line, column: column, keyPath: keyPath, message: message)
    }

    /// This document laid over its parent: groups of keys merge, everything else replaces, and an explicit null takes
    /// what is inherited away.
    func over(_ parent: DocumentNode) -> DocumentNode {
        guard case .mapping(let own) = value, case .mapping(let inherited) = parent.value else { return self }
        var merged = inherited
        for (key, value) in own {
            if let index = merged.firstIndex(where: { $0.key.text == key.text }) {
                merged[index] = (key, value.over(merged[index].value))
            } else {
                merged.append((key, value))
            }
        }
        var result = self
        result.value = .mapping(merged)
        return result
    }
}
