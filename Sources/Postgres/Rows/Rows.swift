/// The answer to a statement: rows, possibly none, and how many rows it touched.
public struct Rows: Sendable, RandomAccessCollection {
    let result: ResultHandle?

    /// The first index.
    public var startIndex: Int { 0 }
    /// The number of rows.
    public var endIndex: Int { result?.rowCount ?? 0 }

    /// Rows inserted, updated or deleted; for SELECT the rows returned.
    public var affected: Int { result?.affected ?? 0 }

    var commandTag: String { result?.commandTag ?? "" }

    /// The names of the columns.
    public var columns: [String] {
        guard let result else { return [] }
        return (0..<result.columnCount).map(result.columnName)
    }

    /// A row.
    public subscript(position: Int) -> Row {
        precondition(indices.contains(position), "row index out of range")
        return Row(result: result, index: position)
    }

    /// The only column of every row. Throws `decoding`.
    public func decode<Value: PostgresDecodable>(_ type: Value.Type) throws(PostgresError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(count)
        for row in self { values.append(try row.decode(type)) }
        return values
    }

    /// Every row as a tuple. Throws `decoding`.
    public func decode<each Value: PostgresDecodable>(
        _ types: repeat (each Value).Type
    ) throws(PostgresError) -> [(repeat each Value)] {
        var values: [(repeat each Value)] = []
        values.reserveCapacity(count)
        for row in self { values.append(try row.decode(repeat each types)) }
        return values
    }
}
