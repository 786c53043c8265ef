/// A statement and its parameters. What is interpolated becomes a parameter, never text:
/// `"SELECT name FROM territory.site WHERE id = \(id)"` is sent as `… WHERE id = $1`.
///
/// The text is the key of the prepared statement, so it should vary little: at most a few hundred distinct texts.
public struct SQL: Sendable, Hashable, ExpressibleByStringInterpolation {
    /// The text with `$1`, `$2`, … where parameters stand.
    public private(set) var text: String
    /// The declared types of the parameters.
    public private(set) var types: [PostgresType] = []
    var fields: [Field] = []
    /// The binary forms, one after the other, after one byte that keeps the buffer from being empty.
    var bytes: [UInt8] = [0]

    /// Where a parameter lies in `bytes`, and its `$n` in the text.
    struct Field: Sendable, Hashable {
        var offset: Int
        /// In bytes; nil for NULL.
        var length: Int?
        /// In UTF-8 bytes from the start of the text.
        var placeholder: Int
    }

    /// A statement without parameters.
    public init(stringLiteral text: String) { self.text = text }

    /// A statement with parameters.
    public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.sql }

    /// A statement whose text comes from the program or an operator's file, never from a request.
    public init(unescaped text: String) { self.text = text }

    /// The text of `template` with these parameters, in the order of their numbers, instead of its own. For a statement
    /// that runs so often that putting its text together would be noticed.
    public init(_ template: SQL, binding parameters: [ArrayParameter]) {
        precondition(parameters.map(\.arrayType) == template.types, "parameters of another statement")
        self = template
        bytes = [0]
        bytes.reserveCapacity(1 + parameters.reduce(0) { $0 + $1.encodedLength })
        for (index, parameter) in parameters.enumerated() {
            let offset = bytes.count
            parameter.encode(into: &bytes)
            (fields[index].offset, fields[index].length) = (offset, bytes.count - offset)
        }
    }

    /// Parameters with commas between them.
    public static func list(_ parameters: [ArrayParameter]) -> SQL {
        var list = SQL(unescaped: "")
        for (index, parameter) in parameters.enumerated() {
            if index > 0 { list.append(text: ", ") }
            list.append(array: parameter)
        }
        return list
    }

    /// Texts and parameters in order.
    public static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum.append(right)
        return sum
    }

    /// Hashes the text alone: statements that differ only in parameters are the same prepared statement.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    mutating func append(parameter value: some PostgresEncodable) {
        let offset = bytes.count
        if !value.isPostgresNull { value.encode(into: &bytes) }
        let length = value.isPostgresNull ? nil : bytes.count - offset
        append(Field(offset: offset, length: length, placeholder: 0), type: type(of: value).postgresType)
    }

    mutating func append(array: ArrayParameter) {
        let offset = bytes.count
        array.encode(into: &bytes)
        append(Field(offset: offset, length: bytes.count - offset, placeholder: 0), type: array.arrayType)
    }

    mutating func append(text more: String) { text += more }

    private mutating func append(_ field: Field, type: PostgresType) {
        var field = field
        field.placeholder = text.utf8.count
        fields.append(field)
        types.append(type)
        text += "$\(fields.count)"
    }

    /// Appends another statement, whose parameters are numbered on from ours.
    mutating func append(_ other: SQL) {
        let shift = bytes.count
        bytes.append(contentsOf: other.bytes)
        var position = other.text.utf8.startIndex
        for (index, field) in other.fields.enumerated() {
            let placeholder = other.text.utf8.index(other.text.utf8.startIndex, offsetBy: field.placeholder)
            text += other.text[position..<placeholder]
            var moved = field
            moved.offset += shift
            append(moved, type: other.types[index])
            position = other.text.utf8.index(placeholder, offsetBy: "$\(index + 1)".utf8.count)
        }
        text += other.text[position...]
    }

    /// Collects the pieces of an interpolated literal.
    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        var sql = SQL(unescaped: "")

        /// Room for the text to come.
        public init(literalCapacity: Int, interpolationCount: Int) {
            sql.text.reserveCapacity(literalCapacity + 3 * interpolationCount)
            sql.fields.reserveCapacity(interpolationCount)
            sql.types.reserveCapacity(interpolationCount)
        }

        /// Text of the program.
        public mutating func appendLiteral(_ literal: String) { sql.text += literal }

        /// A parameter.
        public mutating func appendInterpolation(_ value: some PostgresEncodable) { sql.append(parameter: value) }

        /// An array parameter.
        public mutating func appendInterpolation(_ array: ArrayParameter) { sql.append(array: array) }

        /// A parameter that may be NULL. Spelled out, because the compiler takes an optional for a mistake otherwise.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            sql.append(parameter: value)
        }

        /// A part of a statement, with its parameters.
        public mutating func appendInterpolation(_ part: SQL) { sql.append(part) }

        /// Text that is trusted: an identifier or a keyword the program chose.
        public mutating func appendInterpolation(unescaped text: String) { sql.text += text }
    }
}
