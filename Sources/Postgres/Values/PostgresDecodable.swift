/// A value that can be read from a column. Columns travel in the binary format.
///
/// A type with a raw value conforms with an empty extension; a raw value that means nothing is a decoding error.
public protocol PostgresDecodable: Sendable {
    /// Reads a value that is not NULL. Throws `decoding` when the type or the bytes do not fit.
    static func decode(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> Self
    /// What NULL means. Throws `decoding` unless the type is an optional.
    static func decodeNull() throws(PostgresError) -> Self
    /// Reads `[Self]`: an array of the server, except that `[UInt8]` is `bytea`.
    static func decodeList(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> [Self]
}

extension PostgresDecodable {
    /// NULL is refused.
    public static func decodeNull() throws(PostgresError) -> Self {
        throw PostgresError(.decoding, "NULL where \(Self.self) was expected")
    }

    /// An array of the server with at most one dimension.
    public static func decodeList(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> [Self] {
        var reader = ByteReader(offset: 0)
        let dimensions = try reader.integer(Int32.self, bytes)
        _ = try reader.integer(Int32.self, bytes)
        let element = PostgresType(rawValue: try reader.integer(UInt32.self, bytes))
        if dimensions == 0 { return [] }
        let count = try reader.integer(Int32.self, bytes)
        _ = try reader.integer(Int32.self, bytes)
        // Each element takes at least its length: a count beyond the bytes is a lie, not a reason to allocate.
        guard dimensions == 1, count >= 0, Int(count) <= bytes.byteCount / 4 else {
            throw PostgresError(.decoding, "an array of one dimension was expected")
        }
        var values: [Self] = []
        values.reserveCapacity(Int(count))
        for _ in 0..<count {
            let length = try reader.integer(Int32.self, bytes)
            if length == -1 {
                values.append(try decodeNull())
            } else {
                let range = try reader.range(Int(length), bytes)
                values.append(try decode(bytes.extracting(range), type: element))
            }
        }
        return values
    }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    /// The raw value, if it names one.
    public static func decode(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> Self {
        guard let value = Self(rawValue: try RawValue.decode(bytes, type: type)) else {
            throw PostgresError(.decoding, "no such \(Self.self)")
        }
        return value
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// The wrapped value.
    public static func decode(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> Wrapped? {
        try Wrapped.decode(bytes, type: type)
    }
    /// No value.
    public static func decodeNull() throws(PostgresError) -> Wrapped? { nil }
}

extension Array: PostgresDecodable where Element: PostgresDecodable {
    /// The elements.
    public static func decode(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> [Element] {
        try Element.decodeList(bytes, type: type)
    }
}

/// A position in bytes that came from the network; every step is checked.
struct ByteReader {
    var offset: Int

    mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
        _: Value.Type, _ source: RawSpan
    ) throws(PostgresError) -> Value {
        let size = MemoryLayout<Value>.size
        guard source.byteCount - offset >= size else { throw PostgresError(.decoding, "a value is cut short") }
        let value = source.unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self)
        offset += size
        return Value(bigEndian: value)
    }

    /// Steps over `length` bytes and says where they lie.
    mutating func range(_ length: Int, _ source: RawSpan) throws(PostgresError) -> Range<Int> {
        guard length >= 0, source.byteCount - offset >= length else {
            throw PostgresError(.decoding, "a value is cut short")
        }
        defer { offset += length }
        return offset..<offset + length
    }
}
