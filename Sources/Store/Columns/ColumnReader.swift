internal import Foundation
public import Postgres
public import Territory

extension Identifier: PostgresEncodable, PostgresDecodable {}

/// Reads the columns of a row from the first to the last.
struct ColumnReader {
    private let row: Row
    private var column = 0

    init(_ row: Row) { self.row = row }

    /// The next column. Throws `PostgresError.decoding`.
    mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws -> Value {
        defer { column += 1 }
        return try row.decode(type, column: column)
    }

    /// The next column, which stays the next.
    func peek<Value: PostgresDecodable>(_ type: Value.Type) throws -> Value { try row.decode(type, column: column) }

    /// Leaves that many columns unread.
    mutating func skip(_ count: Int) { column += count }

    /// The next column, whose text is the raw value of an enumeration. Throws `.unreadable` for one we do not know.
    mutating func nextCase<Value: RawRepresentable<String>>(_ type: Value.Type = Value.self) throws -> Value {
        guard let value = Value(rawValue: try next(String.self)) else {
            throw StoreError(.unreadable, "\(Value.self)")
        }
        return value
    }

    /// The next column, whose text is a value's own spelling; nil for NULL. Throws `.unreadable`.
    mutating func nextText<Value>(_ parse: (String) -> Value?) throws -> Value? {
        guard let text = try next(String?.self) else { return nil }
        guard let value = parse(text) else { throw StoreError(.unreadable, "\(Value.self)") }
        return value
    }

    /// The next column, a `macaddr` or its text selected as text; nil for NULL.
    mutating func nextMAC() throws -> MACAddress? { try nextText { MACAddress($0) } }

    /// The next column, an `inet` selected through `host(…)`; nil for NULL.
    mutating func nextAddress() throws -> IPAddress? { try nextText { IPAddress($0) } }

    /// The next column, a `cidr` selected as text; nil for NULL.
    mutating func nextPrefix() throws -> IPPrefix? { try nextText { IPPrefix($0) } }

    /// The next two columns, latitude and longitude; nil when either is NULL.
    mutating func nextCoordinates() throws -> Coordinates? {
        let (latitude, longitude) = (try next(Double?.self), try next(Double?.self))
        guard let latitude, let longitude else { return nil }
        return Coordinates(latitude: latitude, longitude: longitude)
    }
}

extension Setting {
    /// Row-level security: the organisation this statement or transaction acts for.
    static func organisation(_ id: OrganisationID) -> Setting { Setting("socle.organisation", id.description) }
}
