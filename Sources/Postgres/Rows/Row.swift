/// One row of an answer.
public struct Row: Sendable {
    let result: ResultHandle?
    let index: Int

    /// The only column. Throws `decoding` when there are others.
    public func decode<Value: PostgresDecodable>(_ type: Value.Type) throws(PostgresError) -> Value {
        guard result?.columnCount == 1 else {
            throw PostgresError(.decoding, "\(result?.columnCount ?? 0) columns where 1 was expected")
        }
        return try decode(type, column: 0)
    }

    /// The columns in order as a tuple: `let (id, name) = try row.decode(Int64.self, String?.self)`.
    /// Throws `decoding` when the number of columns, a type or a value does not fit.
    public func decode<each Value: PostgresDecodable>(
        _ types: repeat (each Value).Type
    ) throws(PostgresError) -> (repeat each Value) {
        var expected = 0
        for _ in repeat each types { expected += 1 }
        guard expected == result?.columnCount ?? 0 else {
            throw PostgresError(.decoding, "\(result?.columnCount ?? 0) columns where \(expected) were expected")
        }
        var column = -1
        func next<T: PostgresDecodable>(_ type: T.Type) throws(PostgresError) -> T {
            column += 1
            return try decode(type, column: column)
        }
        return (repeat try next(each types))
    }

    /// One column by position, from 0. Throws `decoding`, also for a column that is not there.
    public func decode<Value: PostgresDecodable>(_ type: Value.Type, column: Int) throws(PostgresError) -> Value {
        guard let result, column >= 0, column < result.columnCount else {
            throw PostgresError(.decoding, "there is no column \(column)")
        }
        do {
            return try result.withField(row: index, column: column) { (bytes) throws(PostgresError) -> Value in
                guard let bytes else { return try Value.decodeNull() }
                return try Value.decode(bytes, type: result.type(column))
            }
        } catch {
            throw PostgresError(.decoding, "column \(column) (\(result.columnName(column))): \(error.context)")
        }
    }
}
