public import Foundation

/// What Swift's own types look like to the server.
///
/// Integers are read from any integer type whose value fits; text from every type whose binary form is its text.
extension Bool: PostgresEncodable, PostgresDecodable {
    /// `boolean`
    public static var postgresType: PostgresType { .bool }
    /// `boolean[]`
    public static var postgresArrayType: PostgresType { .boolArray }
    /// One byte.
    public func encode(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
    /// One byte.
    public static func decode(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> Bool {
        guard type == .bool, bytes.byteCount == 1 else { throw mismatch(type) }
        return bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self) != 0
    }
}

extension PostgresDecodable {
    static func mismatch(_ type: PostgresType) -> PostgresError {
        PostgresError(.decoding, "type \(type.rawValue) of the server is not \(Self.self)")
    }
}

extension PostgresDecodable where Self: FixedWidthInteger {
    /// Any integer type of the server whose value fits.
    public static func decode(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> Self {
        var reader = ByteReader(offset: 0)
        let value: Int64
        switch (type, bytes.byteCount) {
        case (.int8, 8): value = try reader.integer(Int64.self, bytes)
        case (.int4, 4): value = Int64(try reader.integer(Int32.self, bytes))
        case (.int2, 2): value = Int64(try reader.integer(Int16.self, bytes))
        case (.oid, 4): value = Int64(try reader.integer(UInt32.self, bytes))
        default: throw mismatch(type)
        }
        guard let result = Self(exactly: value) else {
            throw PostgresError(.decoding, "an integer does not fit \(Self.self)")
        }
        return result
    }
}

extension Int16: PostgresEncodable, PostgresDecodable {
    /// `smallint`
    public static var postgresType: PostgresType { .int2 }
    /// `smallint[]`
    public static var postgresArrayType: PostgresType { .int2Array }
    /// Two bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
}

extension Int32: PostgresEncodable, PostgresDecodable {
    /// `integer`
    public static var postgresType: PostgresType { .int4 }
    /// `integer[]`
    public static var postgresArrayType: PostgresType { .int4Array }
    /// Four bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
}

extension Int64: PostgresEncodable, PostgresDecodable {
    /// `bigint`
    public static var postgresType: PostgresType { .int8 }
    /// `bigint[]`
    public static var postgresArrayType: PostgresType { .int8Array }
    /// Eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
}

extension Int: PostgresEncodable, PostgresDecodable {
    /// `bigint`
    public static var postgresType: PostgresType { .int8 }
    /// `bigint[]`
    public static var postgresArrayType: PostgresType { .int8Array }
    /// Eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(Int64(self)) }
}

/// Alone a `smallint`; `[UInt8]` is `bytea`.
extension UInt8: PostgresEncodable, PostgresDecodable {
    /// `smallint`
    public static var postgresType: PostgresType { .int2 }
    /// `smallint[]`, for `[UInt8?]`
    public static var postgresArrayType: PostgresType { .int2Array }
    /// `bytea`
    public static var postgresListType: PostgresType { .bytea }
    /// Two bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(Int16(self)) }
    /// The bytes themselves.
    public static func encodeList(_ values: [UInt8], into bytes: inout [UInt8]) { bytes.append(contentsOf: values) }
    /// The bytes themselves.
    public static func decodeList(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> [UInt8] {
        guard type == .bytea else { throw PostgresError(.decoding, "type \(type.rawValue) of the server is not bytes") }
        return bytes.withUnsafeBytes { [UInt8]($0) }
    }
}

extension Double: PostgresEncodable, PostgresDecodable {
    /// `double precision`
    public static var postgresType: PostgresType { .float8 }
    /// `double precision[]`
    public static var postgresArrayType: PostgresType { .float8Array }
    /// Eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(bitPattern) }
    /// `double precision` or `real`.
    public static func decode(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> Double {
        var reader = ByteReader(offset: 0)
        switch type {
        case .float8: return Double(bitPattern: try reader.integer(UInt64.self, bytes))
        case .float4: return Double(Float(bitPattern: try reader.integer(UInt32.self, bytes)))
        default: throw mismatch(type)
        }
    }
}

extension String: PostgresEncodable, PostgresDecodable {
    /// `text`
    public static var postgresType: PostgresType { .text }
    /// `text[]`
    public static var postgresArrayType: PostgresType { .textArray }
    /// UTF-8. The server refuses U+0000.
    public func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }
    /// Every text-like type, `json`, `jsonb`, and enumerations.
    public static func decode(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> String {
        var text = bytes
        switch type {
        case .text, .varchar, .bpchar, .name, .json, .xml, .literal, .char: break
        case .jsonb:
            // The binary form of jsonb is a version byte, always 1, and the text.
            guard bytes.byteCount > 0, bytes.unsafeLoad(fromByteOffset: 0, as: UInt8.self) == 1 else {
                throw PostgresError(.decoding, "an unknown version of jsonb")
            }
            text = bytes.extracting(1..<bytes.byteCount)
        default: guard type.rawValue >= PostgresType.firstUserDefined else { throw mismatch(type) }
        }
        // Not `String(decoding:)`: bytes that are no text must not become text.
        guard let value = text.withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) else {
            throw PostgresError(.decoding, "text that is not UTF-8")
        }
        return value
    }
}

/// A moment, to the microsecond. Beyond what the server's type holds (and `distantPast`, `distantFuture`) is infinity.
extension Date: PostgresEncodable, PostgresDecodable {
    /// Seconds between the server's epoch, 2000-01-01, and Foundation's, 2001-01-01.
    private static let epochDistance: Double = 31_622_400

    /// `timestamp with time zone`
    public static var postgresType: PostgresType { .timestamptz }
    /// `timestamp with time zone[]`
    public static var postgresArrayType: PostgresType { .timestamptzArray }
    /// Microseconds since 2000-01-01.
    public func encode(into bytes: inout [UInt8]) {
        let micros = ((timeIntervalSinceReferenceDate + Date.epochDistance) * 1_000_000).rounded()
        switch self {
        case ...Date.distantPast: bytes.appendBigEndian(Int64.min)
        case Date.distantFuture...: bytes.appendBigEndian(Int64.max)
        default: bytes.appendBigEndian(Int64(exactly: micros) ?? Int64.max)
        }
    }
    /// Microseconds since 2000-01-01.
    public static func decode(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> Date {
        guard type == .timestamptz else { throw mismatch(type) }
        var reader = ByteReader(offset: 0)
        switch try reader.integer(Int64.self, bytes) {
        case Int64.min: return .distantPast
        case Int64.max: return .distantFuture
        case let micros: return Date(timeIntervalSinceReferenceDate: Double(micros) / 1_000_000 - epochDistance)
        }
    }
}

extension UUID: PostgresEncodable, PostgresDecodable {
    /// `uuid`
    public static var postgresType: PostgresType { .uuid }
    /// `uuid[]`
    public static var postgresArrayType: PostgresType { .uuidArray }
    /// Sixteen bytes.
    public func encode(into bytes: inout [UInt8]) { Swift.withUnsafeBytes(of: uuid) { bytes.append(contentsOf: $0) } }
    /// Sixteen bytes.
    public static func decode(_ bytes: RawSpan, type: PostgresType) throws(PostgresError) -> UUID {
        guard type == .uuid, bytes.byteCount == 16 else { throw mismatch(type) }
        return UUID(uuid: bytes.unsafeLoadUnaligned(fromByteOffset: 0, as: uuid_t.self))
    }
}
