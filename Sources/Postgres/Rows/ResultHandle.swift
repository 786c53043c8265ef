internal import CLibPQ

/// A result of libpq and its memory.
///
/// `@unchecked Sendable`: a finished PGresult is never written again (we call only the PQget… readers), and it is freed
/// by the last owner, in `deinit`.
final class ResultHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { PQclear(pointer) }

    var status: ExecStatusType { PQresultStatus(pointer) }
    var rowCount: Int { Int(PQntuples(pointer)) }
    var columnCount: Int { Int(PQnfields(pointer)) }

    /// Rows touched by INSERT, UPDATE, DELETE, MERGE, COPY; rows returned by SELECT; otherwise 0.
    var affected: Int { PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// The name of the command that was run, such as `COMMIT` or `INSERT 0 1`.
    var commandTag: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }

    func columnName(_ column: Int) -> String {
        PQfname(pointer, Int32(clamping: column)).map { String(cString: $0) } ?? ""
    }

    func type(_ column: Int) -> PostgresType { PostgresType(rawValue: PQftype(pointer, Int32(clamping: column))) }

    /// The bytes of one field, or nil for NULL. Row and column are within bounds (the caller checks).
    func withField<Value>(
        row: Int, column: Int, _ body: (RawSpan?) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        let (row, column) = (Int32(clamping: row), Int32(clamping: column))
        guard PQgetisnull(pointer, row, column) == 0, let start = PQgetvalue(pointer, row, column) else {
            return try body(nil)
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(pointer, row, column)))
        return try body(bytes.bytes)
    }
}
