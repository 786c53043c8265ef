import Yams

/// Bounds of a YAML file of ours. The parser recurses, so nesting is bounded before it runs.
enum DocumentLimits {
    static let fileBytes = 65_536
    static let lineBytes = 500
    static let flowBrackets = 500
    static let depth = 10
    static let nodes = 5_000
}

extension DocumentNode {
    /// Reads YAML text: one document, no anchors (an alias may stand for an exponential amount of text), no duplicate
    /// keys, within ``DocumentLimits``. The first fault of syntax is the only one that a parser can tell.
    static func parse(_ text: String, file: String) -> Result<DocumentNode, DocumentFaults> {
        let faults = refused(text, file: file)
        guard faults.isEmpty else { return .failure(DocumentFaults(faults)) }
        do {
            let parser = try Parser(yaml: text)
            guard let root = try parser.singleRoot() else {
                return .failure(DocumentFaults([.init(file: file, line: 1, keyPath: "", message: "is empty")]))
            }
            // Anchors are referenced weakly by nodes; the parser owns them.
            return withExtendedLifetime(parser) {
                var conversion = DocumentConversion(file: file)
                let converted = conversion.convert(root, path: "", depth: 0)
                guard let converted, conversion.faults.isEmpty else {
                    return .failure(DocumentFaults(conversion.faults))
                }
                return .success(converted)
            }
        } catch let error as YamlError {
            return .failure(DocumentFaults([fault(of: error, file: file)]))
        } catch {
            return .failure(DocumentFaults([.init(file: file, line: 1, keyPath: "", message: "is not YAML")]))
        }
    }

    private static func refused(_ text: String, file: String) -> [DocumentFault] {
        func fault(_ line: Int, _ message: String) -> DocumentFault {
            DocumentFault(file: file, line: line, keyPath: "", message: message)
        }
        guard text.utf8.count <= DocumentLimits.fileBytes else {
            return [fault(1, "is larger than \(DocumentLimits.fileBytes) bytes")]
        }
        var faults: [DocumentFault] = []
        var brackets = 0
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            if line.count > DocumentLimits.lineBytes {
                faults.append(fault(index + 1, "is longer than \(DocumentLimits.lineBytes) bytes"))
            }
            brackets += line.reduce(0) { $0 + ($1 == UInt8(ascii: "[") || $1 == UInt8(ascii: "{") ? 1 : 0) }
            if declaresAnchor(line) { faults.append(fault(index + 1, "anchors (&name) are not accepted")) }
        }
        if brackets > DocumentLimits.flowBrackets { faults.append(fault(1, "has too many brackets")) }
        return faults
    }

    /// Whether a `&` that begins a word is followed by a name. Prose that looks so is refused too, which is the safe side.
    private static func declaresAnchor(_ line: Substring.UTF8View) -> Bool {
        var previous = UInt8(ascii: " ")
        var pending = false
        for byte in line {
            if pending, byte != UInt8(ascii: " ") { return true }
            if byte == UInt8(ascii: "#"), previous == UInt8(ascii: " ") { return false }
            pending = byte == UInt8(ascii: "&") && " ,:-[{\t".utf8.contains(previous)
            previous = byte
        }
        return false
    }

    private static func fault(of error: YamlError, file: String) -> DocumentFault {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return DocumentFault(
                file: file, line: mark.line, column: mark.column, keyPath: "", message: "is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.joined(separator: ", ")
            return DocumentFault(
                file: file, line: context.mark.line, column: context.mark.column, keyPath: names,
                message: "is given twice in the group that begins here")
        case .reader(let problem, _, _, _):
            return DocumentFault(file: file, line: 1, keyPath: "", message: "is not YAML: \(problem)")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return DocumentFault(file: file, line: 1, keyPath: "", message: "is not YAML")
        }
    }
}

/// Faults as an error, for `Result`.
struct DocumentFaults: Error {
    let faults: [DocumentFault]
    init(_ faults: [DocumentFault]) { self.faults = faults }
}
