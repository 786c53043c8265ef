/// Reads a group of keys strictly and collects every fault: what is missing, of another type, out of range or unknown.
///
/// Readers return nil after noting a fault, so that reading goes on. One reader per group; ``finish()`` reports the keys
/// that nobody asked for.
final class DocumentReader {
    /// What a whole file's readers found. A reference, since readers of nested groups add to the same.
    final class Log {
        var faults: [DocumentFault] = []
    }

    let node: DocumentNode
    let path: String
    let log: Log
    private var pairs: [(key: DocumentNode, value: DocumentNode)] = []
    private var known: [String] = []

    init(_ node: DocumentNode, path: String = "", log: Log) {
        self.node = node
        self.path = path
        self.log = log
        if case .mapping(let pairs) = node.value {
            self.pairs = pairs
        } else {
            log.faults.append(node.fault(at: path, "is \(node.kind), wanted a group of keys"))
        }
    }

    func keyPath(_ key: String) -> String {
        if key.isEmpty { return path }
        return path.isEmpty ? key : "\(path).\(key)"
    }

    func fault(_ key: String, _ message: String) {
        let place = pairs.first { $0.key.text == key }?.value ?? node
        log.faults.append(place.fault(at: keyPath(key), message))
    }

    /// Notes every key that was not asked for.
    func finish() {
        guard case .mapping = node.value else { return }
        for (key, _) in pairs where !known.contains(key.text ?? "") {
            let name = key.text ?? "?"
            log.faults.append(
                key.fault(at: keyPath(name), "is not a key here; keys are \(known.sorted().joined(separator: ", "))"))
        }
    }

    /// The value of a key; nil where it is absent or null, with a fault if it is required.
    func value(_ key: String, required: Bool) -> DocumentNode? {
        known.append(key)
        // What is no group has been told so already.
        guard case .mapping = node.value else { return nil }
        guard let value = pairs.first(where: { $0.key.text == key })?.value else {
            if required { log.faults.append(node.fault(at: keyPath(key), "is missing")) }
            return nil
        }
        if case .null = value.value {
            if required { log.faults.append(value.fault(at: keyPath(key), "is empty")) }
            return nil
        }
        return value
    }

    /// What an override says of a key: absent inherits, an explicit null lifts, a value replaces.
    func change<Value>(_ key: String, _ read: (String) -> Value?) -> RightsOverride.Change<Value> {
        if let value = read(key) { return .limited(value) }
        if case .null? = pairs.first(where: { $0.key.text == key })?.value.value { return .unlimited }
        return .inherited
    }

    func string(_ key: String, required: Bool = false, length: ClosedRange<Int> = 1...200) -> String? {
        value(key, required: required).flatMap { Self.text($0, keyPath(key), length, log) }
    }

    func integer(_ key: String, required: Bool = false, _ range: ClosedRange<Int64>) -> Int64? {
        guard let value = value(key, required: required) else { return nil }
        guard case .scalar(let text, isPlain: true) = value.value, let number = Int64(text) else {
            log.faults.append(value.fault(at: keyPath(key), "is \(value.kind), wanted a whole number"))
            return nil
        }
        guard range.contains(number) else {
            let message = "is \(number), wanted \(range.lowerBound) to \(range.upperBound)"
            log.faults.append(value.fault(at: keyPath(key), message))
            return nil
        }
        return number
    }

    func bool(_ key: String, required: Bool = false) -> Bool? {
        guard let value = value(key, required: required) else { return nil }
        switch value.value {
        case .scalar("true", isPlain: true): return true
        case .scalar("false", isPlain: true): return false
        case .null, .scalar, .sequence, .mapping:
            log.faults.append(value.fault(at: keyPath(key), "is \(value.kind), wanted true or false"))
            return nil
        }
    }

    /// One of the raw values of an enumeration.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, required: Bool = false, of type: Choice.Type = Choice.self
    ) -> Choice? where Choice.RawValue == String {
        value(key, required: required).flatMap { Self.choice($0, keyPath(key), log) }
    }

    /// Items of a list, each with its path; empty where it is absent.
    func items(_ key: String, required: Bool = false, count: ClosedRange<Int>) -> [(node: DocumentNode, path: String)] {
        guard let value = value(key, required: required) else { return [] }
        guard case .sequence(let items) = value.value else {
            log.faults.append(value.fault(at: keyPath(key), "is \(value.kind), wanted a list"))
            return []
        }
        guard count.contains(items.count) else {
            let message = "has \(items.count) items, wanted \(count.lowerBound) to \(count.upperBound)"
            log.faults.append(value.fault(at: keyPath(key), message))
            return []
        }
        return items.enumerated().map { ($1, "\(keyPath(key))[\($0)]") }
    }

    /// A list of distinct choices.
    func choices<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ key: String, required: Bool = false, of type: Choice.Type = Choice.self
    ) -> [Choice] where Choice.RawValue == String {
        var seen: Set<Choice> = []
        return items(key, required: required, count: 1...Choice.allCases.count).compactMap { item in
            guard let choice: Choice = Self.choice(item.node, item.path, log) else { return nil }
            if !seen.insert(choice).inserted { log.faults.append(item.node.fault(at: item.path, "is given twice")) }
            return choice
        }
    }

    /// A list of texts.
    func strings(_ key: String, required: Bool = false, count: ClosedRange<Int>) -> [String] {
        items(key, required: required, count: count).compactMap { Self.text($0.node, $0.path, 1...200, log) }
    }

    /// A nested group, read by `read`; what it leaves unasked is reported.
    func group<Value>(_ key: String, required: Bool = false, _ read: (DocumentReader) -> Value?) -> Value? {
        guard let value = value(key, required: required) else { return nil }
        let reader = DocumentReader(value, path: keyPath(key), log: log)
        defer { reader.finish() }
        return read(reader)
    }

    /// A list of groups.
    func groups<Value>(
        _ key: String, required: Bool = false, count: ClosedRange<Int>, _ read: (DocumentReader) -> Value?
    ) -> [Value] {
        items(key, required: required, count: count).compactMap { item in
            let reader = DocumentReader(item.node, path: item.path, log: log)
            defer { reader.finish() }
            return read(reader)
        }
    }

    /// A group whose keys are names of the document's own, each with a group behind it.
    func entries<Value>(
        _ key: String, count: ClosedRange<Int>, _ read: (String, DocumentReader) -> Value?
    ) -> [String: Value] {
        guard let value = value(key, required: false) else { return [:] }
        guard case .mapping(let pairs) = value.value else {
            log.faults.append(value.fault(at: keyPath(key), "is \(value.kind), wanted a group of keys"))
            return [:]
        }
        guard count.contains(pairs.count) else {
            let message = "has \(pairs.count) names, wanted \(count.lowerBound) to \(count.upperBound)"
            log.faults.append(value.fault(at: keyPath(key), message))
            return [:]
        }
        var entries: [String: Value] = [:]
        for (name, node) in pairs {
            // An explicit null takes away what would be inherited.
            if case .null = node.value { continue }
            let text = name.text ?? "?"
            let reader = DocumentReader(node, path: "\(keyPath(key)).\(text)", log: log)
            entries[text] = read(text, reader)
            reader.finish()
        }
        return entries
    }

    private static func text(
        _ node: DocumentNode, _ path: String, _ length: ClosedRange<Int>, _ log: Log
    ) -> String? {
        // A bare number or truth value is a slip of the pen where a text is wanted: `name: 55`, `name: yes`.
        guard case .scalar(let text, let isPlain) = node.value,
            !isPlain || (Double(text) == nil && !["true", "false"].contains(text))
        else {
            log.faults.append(node.fault(at: path, "is \(node.kind), wanted text"))
            return nil
        }
        guard length.contains(text.count) else {
            let message = "has \(text.count) characters, wanted \(length.lowerBound) to \(length.upperBound)"
            log.faults.append(node.fault(at: path, message))
            return nil
        }
        return text
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ node: DocumentNode, _ path: String, _ log: Log
    ) -> Choice? where Choice.RawValue == String {
        guard let text = node.text, let choice = Choice(rawValue: text) else {
            let wanted = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            let found = node.text.map { "\"\($0.prefix(40))\"" } ?? node.kind
            log.faults.append(node.fault(at: path, "is \(found), wanted one of \(wanted)"))
            return nil
        }
        return choice
    }
}
