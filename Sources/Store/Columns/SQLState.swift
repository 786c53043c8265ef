/// The states of PostgreSQL (appendix A of its manual) that mean something to us.
enum SQLState {
    static let uniqueViolation = "23505"
    static let checkViolation = "23514"
    static let deadlockDetected = "40P01"
    static let serializationFailure = "40001"
}
