/// A value that can be a parameter of a statement. Parameters travel in the binary format with their type declared, so
/// the server never guesses: where a column is `inet` or `jsonb`, bind text and write `\(text)::text::inet`.
///
/// A type with a raw value (`Identifier`, an enumeration) conforms with an empty extension.
public protocol PostgresEncodable: Sendable {
    /// The declared type of one value.
    static var postgresType: PostgresType { get }
    /// The declared type of an array of optional values.
    static var postgresArrayType: PostgresType { get }
    /// The declared type of `[Self]`; the array type, except that `[UInt8]` is `bytea`.
    static var postgresListType: PostgresType { get }
    /// Whether this value is NULL.
    var isPostgresNull: Bool { get }
    /// Appends the binary form. Not called for NULL.
    func encode(into bytes: inout [UInt8])
    /// Appends the binary form of `[Self]`.
    static func encodeList(_ values: [Self], into bytes: inout [UInt8])
}

extension PostgresEncodable {
    /// The array type.
    public static var postgresListType: PostgresType { postgresArrayType }

    /// Not NULL.
    public var isPostgresNull: Bool { false }

    /// The server's array format: one dimension, lower bound 1, each element with its length or -1.
    public static func encodeList(_ values: [Self], into bytes: inout [UInt8]) {
        bytes.appendBigEndian(Int32(values.isEmpty ? 0 : 1))
        bytes.appendBigEndian(Int32(values.contains { $0.isPostgresNull } ? 1 : 0))
        bytes.appendBigEndian(postgresType.rawValue)
        guard !values.isEmpty else { return }
        bytes.appendBigEndian(Int32(clamping: values.count))
        bytes.appendBigEndian(Int32(1))
        for value in values {
            let start = bytes.count
            bytes.appendBigEndian(Int32(-1))
            if value.isPostgresNull { continue }
            value.encode(into: &bytes)
            bytes.overwriteBigEndian(Int32(clamping: bytes.count - start - 4), at: start)
        }
    }
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    /// That of the raw value.
    public static var postgresType: PostgresType { RawValue.postgresType }
    /// That of the raw value.
    public static var postgresArrayType: PostgresType { RawValue.postgresArrayType }
    /// The raw value.
    public func encode(into bytes: inout [UInt8]) { rawValue.encode(into: &bytes) }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    /// That of the wrapped value.
    public static var postgresType: PostgresType { Wrapped.postgresType }
    /// That of the wrapped value.
    public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
    /// Whether there is no value.
    public var isPostgresNull: Bool {
        // Not by key path: one would be made anew for every element of every array.
        switch self {
        case .none: true
        case .some(let value): value.isPostgresNull
        }
    }
    /// The wrapped value.
    public func encode(into bytes: inout [UInt8]) { self?.encode(into: &bytes) }
}

/// `[UInt8]` is `bytea`; any other array is an array of the server. Arrays of arrays have no type and are refused by the
/// server, except `[[UInt8]]`, which is `bytea[]`.
extension Array: PostgresEncodable where Element: PostgresEncodable {
    /// `bytea` or the element's array type.
    public static var postgresType: PostgresType { Element.postgresListType }
    /// `bytea[]`, or unknown.
    public static var postgresArrayType: PostgresType {
        Element.postgresListType == .bytea ? .byteaArray : .unknown
    }
    /// The elements.
    public func encode(into bytes: inout [UInt8]) { Element.encodeList(self, into: &bytes) }
}

extension [UInt8] {
    mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// Replaces the bytes at `offset`, which were appended before.
    mutating func overwriteBigEndian(_ value: Int32, at offset: Int) {
        Swift.withUnsafeBytes(of: value.bigEndian) { source in
            for index in 0..<source.count where offset + index < count { self[offset + index] = source[index] }
        }
    }
}
