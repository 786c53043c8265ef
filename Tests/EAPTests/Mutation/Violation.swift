/// What octets from nobody brought about and must not have.
struct Violation: Error, CustomStringConvertible {
    let description: String
}
