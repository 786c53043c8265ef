import Yams

/// Collects faults while a document is read, so that all of them are told at once.
final class FaultCollector {
    let file: String
    private(set) var faults: [ConfigurationFault] = []

    init(file: String) { self.file = file }

    func add(_ problem: String, key: String, at node: Node?) {
        faults.append(ConfigurationFault(file: file, line: node?.mark?.line, key: key, problem: problem))
    }

    /// In the order of the file, which is not the order of reading.
    var sorted: [ConfigurationFault] { faults.sorted { ($0.line ?? 0, $0.key) < ($1.line ?? 0, $1.key) } }
}

/// One mapping of the document. Each key is asked for by name; `finish` names those nobody asked for.
struct ConfigurationSection {
    private let mapping: Node.Mapping?
    private let place: Node?
    private let path: String
    private let collector: FaultCollector
    private var known: [String] = []

    /// The whole document; an empty one is a section without keys.
    init(root node: Node?, collector: FaultCollector) {
        self.init(node, path: "", collector: collector)
    }

    private init(_ node: Node?, path: String, collector: FaultCollector) {
        self.path = path
        self.place = node
        self.collector = collector
        switch node {
        case .mapping(let mapping)?:
            self.mapping = mapping
        case nil:
            self.mapping = nil
        case let other?:
            self.mapping = nil
            // `portal:` with nothing under it is a section whose keys are all commented out.
            if other.null == nil {
                collector.add("expected keys and values here", key: path, at: other)
            }
        }
    }

    func full(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func fault(_ key: String, _ problem: String) {
        collector.add(problem, key: full(key), at: mapping?[key] ?? place)
    }

    /// The value of a key, nil when the key is absent or says nothing.
    mutating func node(_ key: String) -> Node? {
        known.append(key)
        guard let node = mapping?[key], node.null == nil else { return nil }
        return node
    }

    mutating func section(_ key: String) -> ConfigurationSection {
        ConfigurationSection(node(key), path: full(key), collector: collector)
    }

    var isPresent: Bool { mapping != nil }

    /// The keys of a section whose keys are names the operator has given, in the order of the file.
    var keys: [String] { mapping?.keys.compactMap(\.scalar?.string) ?? [] }

    /// Reads a scalar with `parse`; a value it does not understand is a fault that says what is `expected`.
    mutating func value<T>(_ key: String, _ initial: T, expected: String, _ parse: (String) -> T?) -> T {
        guard let node = node(key) else { return initial }
        guard let scalar = node.scalar?.string, let value = parse(scalar) else {
            let found = node.scalar.map { "“\($0.string)”" } ?? "a list or keys"
            collector.add("\(found) is not \(expected)", key: full(key), at: node)
            return initial
        }
        return value
    }

    mutating func text(_ key: String, _ initial: String) -> String {
        value(key, initial, expected: "a text") { $0.isEmpty ? nil : $0 }
    }

    /// A key that means nothing here is a fault that says why.
    mutating func refuse(_ key: String, _ problem: String) { if node(key) != nil { fault(key, problem) } }

    mutating func flag(_ key: String, _ initial: Bool) -> Bool {
        value(key, initial, expected: "true or false") { ["true": true, "false": false][$0] }
    }

    mutating func integer(_ key: String, _ initial: Int, in range: ClosedRange<Int>) -> Int {
        value(key, initial, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func duration(_ key: String, _ initial: Duration, in range: ClosedRange<Duration>) -> Duration {
        let expected = "a duration such as 30s, 10m, 12h or 2d (\(range.lowerBound.short) to \(range.upperBound.short))"
        return value(key, initial, expected: expected) { text in
            Duration(short: text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func bytes(_ key: String, _ initial: Int, in range: ClosedRange<Int>) -> Int {
        value(key, initial, expected: "a size such as 512MiB or 2GiB, at least \(range.lowerBound) bytes") { text in
            ByteSize.parse(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    mutating func listen(_ key: String, _ initial: ListenAddress) -> ListenAddress {
        value(key, initial, expected: "an address and port such as 127.0.0.1:9180 or [::1]:9180") { ListenAddress($0) }
    }

    mutating func choice<T: RawRepresentable & CaseIterable>(_ key: String, _ initial: T) -> T
    where T.RawValue == String {
        let names = T.allCases.map(\.rawValue).joined(separator: ", ")
        return value(key, initial, expected: "one of \(names)") { T(rawValue: $0) }
    }

    mutating func list(_ key: String, _ initial: [String], expected: String, _ accept: (String) -> Bool) -> [String] {
        guard let node = node(key) else { return initial }
        guard let sequence = node.sequence, !sequence.isEmpty else {
            collector.add("expected a list with at least one entry", key: full(key), at: node)
            return initial
        }
        return sequence.compactMap { element in
            guard let text = element.scalar?.string, accept(text) else {
                let found = element.scalar.map { "“\($0.string)”" } ?? "a list or keys"
                collector.add("\(found) is not \(expected)", key: full(key), at: element)
                return nil
            }
            return text
        }
    }

    /// The sections of a list; none where the key is absent.
    mutating func sections(_ key: String) -> [ConfigurationSection] {
        guard let node = node(key) else { return [] }
        guard let sequence = node.sequence else {
            collector.add("expected a list of entries with keys", key: full(key), at: node)
            return []
        }
        return sequence.enumerated().map { index, element in
            ConfigurationSection(element, path: "\(full(key))[\(index)]", collector: collector)
        }
    }

    /// Tells of every key nobody asked for: a misspelt key must not look as if it worked.
    func finish() {
        guard let mapping else { return }
        for (keyNode, _) in mapping {
            guard let key = keyNode.scalar?.string, !known.contains(key) else { continue }
            let near = known.min { Spelling.distance($0, key) < Spelling.distance($1, key) }
            let hint = near.flatMap { Spelling.distance($0, key) <= 3 ? "; did you mean \($0)?" : nil } ?? ""
            collector.add("unknown key\(hint)", key: full(key), at: keyNode)
        }
    }
}
