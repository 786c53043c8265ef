import Yams

/// Turns what the parser made into parts that know their file, within ``DocumentLimits``.
struct DocumentConversion {
    let file: String
    private(set) var faults: [DocumentFault] = []
    private var budget = DocumentLimits.nodes

    init(file: String) { self.file = file }

    /// The part a node stands for; nil, with a fault, where it or anything in it is refused.
    mutating func convert(_ node: Node, path: String, depth: Int) -> DocumentNode? {
        guard budget >= 0 else { return nil }
        budget -= 1
        let before = faults.count
        let refusal: String? =
            if budget < 0 {
                "the file has more than \(DocumentLimits.nodes) parts"
            } else if depth > DocumentLimits.depth {
                "is nested deeper than \(DocumentLimits.depth)"
            } else if node.anchor != nil || node.alias != nil {
                "anchors (&name) and aliases (*name) are not accepted"
            } else {
                nil
            }
        let mark = node.mark
        let place = DocumentNode(file: file, line: mark?.line ?? 1, column: mark?.column, value: .null)
        if let refusal {
            faults.append(place.fault(at: path, refusal))
            return nil
        }
        var converted = place
        switch node {
        case .scalar(let scalar): converted.value = Self.value(of: scalar)
        case .sequence(let sequence):
            converted.value = .sequence(
                sequence.enumerated().compactMap { convert($1, path: "\(path)[\($0)]", depth: depth + 1) })
        case .mapping(let mapping): converted.value = .mapping(pairs(of: mapping, path: path, depth: depth + 1))
        case .alias: return nil
        }
        return faults.count == before ? converted : nil
    }

    private static func value(of scalar: Node.Scalar) -> DocumentNode.Value {
        let isPlain = scalar.style == .plain || scalar.style == .any
        let isNull = isPlain && ["", "~", "null"].contains(scalar.string)
        return isNull ? .null : .scalar(scalar.string, isPlain: isPlain)
    }

    private mutating func pairs(
        of mapping: Node.Mapping, path: String, depth: Int
    ) -> [(key: DocumentNode, value: DocumentNode)] {
        var pairs: [(key: DocumentNode, value: DocumentNode)] = []
        for (key, value) in mapping {
            let name = key.scalar?.string ?? "?"
            let keyPath = path.isEmpty ? name : "\(path).\(name)"
            guard let key = convert(key, path: keyPath, depth: depth),
                let value = convert(value, path: keyPath, depth: depth)
            else { continue }
            if key.text == nil { faults.append(key.fault(at: keyPath, "a key must be text")) }
            pairs.append((key, value))
        }
        return pairs
    }
}
