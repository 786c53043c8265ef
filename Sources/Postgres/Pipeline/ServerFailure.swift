/// An ErrorResponse of the server.
struct ServerFailure: Equatable, Sendable {
    let sqlState: String
    /// FATAL or PANIC: the server closes the connection after it.
    var isFatal = false
    var constraint: String?
    /// May quote data: for `debugDescription` only.
    var text = ""

    /// The prepared statement is no more, or its row type changed with the schema.
    var invalidatesStatement: Bool {
        sqlState == "26000" || (sqlState == "0A000" && text.contains("cached plan"))
    }

    /// Deadlock and serialization failures: nothing was wrong with the statement itself.
    var isTransient: Bool { sqlState == "40P01" || sqlState == "40001" }

    /// The statement was cancelled on request or by its timeout (the server uses one state for both).
    var isCancellation: Bool { sqlState == "57014" }

    var error: PostgresError {
        PostgresError(.server(sqlState: sqlState), "", constraint: constraint, serverText: text)
    }
}
