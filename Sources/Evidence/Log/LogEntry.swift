/// One entry of the archive's log: lines of text, of which every one has its place, so that each entry has one form.
///
/// `socle-archive/1 KIND`, then for each field of the kind in its order its name, a space and its value, each line
/// with a line feed. No entry holds a person's data: sources and tenants are names of equipment and of organisations.
public struct LogEntry: Sendable, Equatable {
    /// Which kind.
    public let kind: Kind
    /// The values by their names.
    public let values: [String: String]

    /// How the value of a field is written.
    public enum Form: Sendable {
        /// A decimal number of 64 bits, signed, without leading zeros.
        case number
        /// The same, or `-` for unknown.
        case optionalNumber
        /// 64 lower-case hexadecimal digits.
        case digest
        /// The same, or `-` for none.
        case optionalDigest
        /// 32 lower-case hexadecimal digits.
        case segment
        /// The same, or `-` for none.
        case optionalSegment
        /// 1 to 1024 octets of UTF-8 without control characters; `-` for nothing.
        case text
    }

    static let magic = "socle-archive/1"
    static let structure = "log entry"
    /// Octets of the longest entry.
    public static let longest = 16_384

    /// Refuses values that lack, are too many, or have not the form of their field.
    public init(_ kind: Kind, _ values: [String: String]) throws(EvidenceError) {
        let fields = kind.fields
        guard values.count == fields.count else { throw EvidenceError(.malformed, in: LogEntry.structure) }
        for (name, form) in fields {
            guard let value = values[name], form.accepts(value) else {
                throw EvidenceError(.malformed, in: "\(LogEntry.structure) \(kind.rawValue), \(name)")
            }
        }
        (self.kind, self.values) = (kind, values)
        guard encoded.count <= LogEntry.longest else { throw EvidenceError(.limitExceeded, in: LogEntry.structure) }
    }

    /// Reads an entry.
    public init(_ octets: [UInt8]) throws(EvidenceError) {
        guard octets.count <= LogEntry.longest else { throw EvidenceError(.limitExceeded, in: LogEntry.structure) }
        guard let text = String(validating: octets, as: UTF8.self) else {
            throw EvidenceError(.malformed, in: LogEntry.structure)
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, first.hasPrefix(LogEntry.magic + " "), lines.last == "" else {
            throw EvidenceError(.malformed, in: LogEntry.structure, at: 0)
        }
        guard let kind = Kind(rawValue: String(first.dropFirst(LogEntry.magic.count + 1))) else {
            throw EvidenceError(.unsupported, in: LogEntry.structure, at: 0)
        }
        guard lines.count == kind.fields.count + 2 else { throw EvidenceError(.malformed, in: LogEntry.structure) }
        var values: [String: String] = [:]
        for (line, field) in zip(lines.dropFirst(), kind.fields) where line.hasPrefix(field.name + " ") {
            values[field.name] = String(line.dropFirst(field.name.count + 1))
        }
        try self.init(kind, values)
    }

    /// The octets that the log holds.
    public var encoded: [UInt8] {
        var text = "\(LogEntry.magic) \(kind.rawValue)\n"
        for (name, _) in kind.fields { text += "\(name) \(values[name] ?? "-")\n" }
        return [UInt8](text.utf8)
    }

    /// The value of a field; empty for one that the kind lacks.
    public subscript(_ name: String) -> String { values[name] ?? "" }

    /// The number of a field; nil for `-` and for a field of another form.
    public func number(_ name: String) -> Int64? { values[name].flatMap { Int64($0) } }
}

extension LogEntry.Form {
    func accepts(_ value: String) -> Bool {
        switch self {
        case .number: return Int64(value).map { String($0) == value } ?? false
        case .digest: return value.utf8.count == 64 && Hexadecimal.octets(value) != nil
        case .segment: return value.utf8.count == 32 && Hexadecimal.octets(value) != nil
        case .optionalNumber: return value == "-" || LogEntry.Form.number.accepts(value)
        case .optionalDigest: return value == "-" || LogEntry.Form.digest.accepts(value)
        case .optionalSegment: return value == "-" || LogEntry.Form.segment.accepts(value)
        case .text:
            return (1...1024).contains(value.utf8.count)
                && !value.unicodeScalars.contains { $0.value < 32 || $0.value == 127 }
        }
    }
}
