public import Foundation

/// An array parameter written element by element in the server's binary form.
///
/// For bulk writes: their columns would otherwise be arrays of values made only to be read once. An element is NULL or has
/// the type that the parameter was made for; what its `append` writes says which, and the server refuses any other.
public struct ArrayParameter: Sendable {
    /// Dimensions, whether there are NULLs, the element's type, the count and the lower bound.
    private static let headerLength = 20

    let arrayType: PostgresType
    private let elementType: PostgresType
    private var bytes: [UInt8] = []
    private var hasNull = false
    /// Elements so far.
    public private(set) var count = 0

    private init(_ elementType: PostgresType, _ arrayType: PostgresType, elementLength: Int, capacity: Int) {
        (self.elementType, self.arrayType) = (elementType, arrayType)
        bytes.reserveCapacity(max(0, capacity) * (elementLength + 4))
    }

    /// `bigint[]`, with room for `capacity` elements.
    public static func int8(_ capacity: Int) -> Self { Self(.int8, .int8Array, elementLength: 8, capacity: capacity) }
    /// `integer[]`
    public static func int4(_ capacity: Int) -> Self { Self(.int4, .int4Array, elementLength: 4, capacity: capacity) }
    /// `boolean[]`
    public static func bool(_ capacity: Int) -> Self { Self(.bool, .boolArray, elementLength: 1, capacity: capacity) }
    /// `date[]`
    public static func date(_ capacity: Int) -> Self { Self(.date, .dateArray, elementLength: 4, capacity: capacity) }
    /// `timestamp with time zone[]`
    public static func timestamptz(_ capacity: Int) -> Self {
        Self(.timestamptz, .timestamptzArray, elementLength: 8, capacity: capacity)
    }
    /// `uuid[]`
    public static func uuid(_ capacity: Int) -> Self { Self(.uuid, .uuidArray, elementLength: 16, capacity: capacity) }
    /// `text[]`
    public static func text(_ capacity: Int) -> Self { Self(.text, .textArray, elementLength: 20, capacity: capacity) }
    /// `bytea[]`
    public static func bytea(_ capacity: Int) -> Self {
        Self(.bytea, .byteaArray, elementLength: 16, capacity: capacity)
    }
    /// `inet[]`
    public static func inet(_ capacity: Int) -> Self { Self(.inet, .inetArray, elementLength: 8, capacity: capacity) }
    /// `cidr[]`
    public static func cidr(_ capacity: Int) -> Self { Self(.cidr, .cidrArray, elementLength: 8, capacity: capacity) }

    /// Octets of the binary form of the array, or a few more.
    var encodedLength: Int { Self.headerLength + bytes.count }

    /// Appends the binary form of the array.
    func encode(into output: inout [UInt8]) {
        output.appendBigEndian(Int32(count > 0 ? 1 : 0))
        output.appendBigEndian(Int32(hasNull ? 1 : 0))
        output.appendBigEndian(elementType.rawValue)
        guard count > 0 else { return }
        output.appendBigEndian(Int32(clamping: count))
        output.appendBigEndian(Int32(1))
        output.append(contentsOf: bytes)
    }

    /// NULL.
    public mutating func appendNull() {
        hasNull = true
        count += 1
        bytes.appendBigEndian(Int32(-1))
    }

    /// Writes an element's length and then, with `body`, its octets.
    private mutating func append(length: Int, _ body: (inout [UInt8]) -> Void) {
        count += 1
        bytes.appendBigEndian(Int32(clamping: length))
        body(&bytes)
    }

    /// An element of `int8`.
    public mutating func append(_ value: Int64?) {
        guard let value else { return appendNull() }
        append(length: 8) { $0.appendBigEndian(value) }
    }

    /// An element of `int4`.
    public mutating func append(_ value: Int32) { append(length: 4) { $0.appendBigEndian(value) } }

    /// An element of `bool`.
    public mutating func append(_ value: Bool) { append(length: 1) { $0.append(value ? 1 : 0) } }

    /// An element of `timestamptz`.
    public mutating func append(_ value: Date?) {
        guard let value else { return appendNull() }
        append(length: 8) { value.encode(into: &$0) }
    }

    /// An element of `uuid`.
    public mutating func append(_ value: UUID) { append(length: 16) { value.encode(into: &$0) } }

    /// An element of `text`.
    public mutating func append(_ value: String?) {
        guard var value else { return appendNull() }
        value.withUTF8 { text in append(length: text.count) { $0.append(contentsOf: text) } }
    }

    /// An element of `bytea`.
    public mutating func append(octets: [UInt8]) {
        append(length: octets.count) { $0.append(contentsOf: octets) }
    }

    /// An element of `bytea`: sixteen octets, as two words in network order.
    public mutating func append(words high: UInt64, _ low: UInt64) {
        append(length: 16) {
            $0.appendBigEndian(high)
            $0.appendBigEndian(low)
        }
    }

    /// An element of `date`, in days since 1 January 1970.
    public mutating func append(daysSince1970 days: Int?) {
        guard let days else { return appendNull() }
        // The server counts from 1 January 2000.
        append(length: 4) { $0.appendBigEndian(Int32(clamping: days - 10_957)) }
    }

    /// An element of `inet` (a single address) or `cidr`: an IPv4 address in the low half of `low`, or an IPv6 address
    /// in `high` and `low`; `bits` of it count.
    public mutating func append(address low: UInt64, high: UInt64, isIPv6: Bool, bits: Int) {
        let octets = isIPv6 ? 16 : 4
        let isCIDR: UInt8 = elementType == .cidr ? 1 : 0
        append(length: 4 + octets) {
            // The server's numbers for the families are its own: 2, and one more (utils/inet.h of PostgreSQL).
            $0.append(contentsOf: [isIPv6 ? 3 : 2, UInt8(clamping: bits), isCIDR, UInt8(octets)])
            if isIPv6 {
                $0.appendBigEndian(high)
                $0.appendBigEndian(low)
            } else {
                $0.appendBigEndian(UInt32(truncatingIfNeeded: low))
            }
        }
    }
}
