internal import Postgres

extension StoreError {
    /// Whether an error means that the database refuses what it was given, so that asking again unchanged is of no use:
    /// a value that no row may hold (classes 22 and 23 of the SQL states), parameters that no message carries. Everything
    /// else (no connection, no time, no room) may pass.
    public static func isRefusal(_ error: any Error) -> Bool {
        if let error = error as? StoreError { return error.code == .invalid }
        guard let error = error as? PostgresError else { return false }
        if error.code == .tooLarge { return true }
        return error.sqlState.map { $0.hasPrefix("22") || $0.hasPrefix("23") } ?? false
    }
}
