/// What this module can refuse. Two errors are equal when their codes are; the text holds no secret and no identity.
///
/// What PostgreSQL or the way to it refuses is thrown as `PostgresError`, untouched: callers decide by its code.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of refusals.
    public enum Code: String, Sendable, CaseIterable {
        /// The installation key file is not there or cannot be read.
        case keyFileUnreadable
        /// The installation key file can be read by others than its owner.
        case keyFileExposed
        /// The installation key file is not 32 octets long.
        case keyFileSize
        /// The installation key file cannot be created: it exists, or its folder cannot be written.
        case keyFileNotCreated
        /// A sealed secret was altered, belongs to another row, or was sealed under another installation key.
        case secretUnreadable
        /// What was named does not exist.
        case notFound
        /// What was named is closed.
        case closed
        /// Something of that name exists already.
        case duplicate
        /// A value that no row may hold.
        case invalid
        /// A stored value that this version of the software does not know.
        case unreadable
        /// Another writer was always first; nothing was done.
        case contended
    }

    /// Which refusal.
    public let code: Code
    /// What was refused, safe to log: a file, a slug, a table, never a secret or a person.
    public let context: String

    /// A refusal and what it was about.
    public init(_ code: Code, _ context: String) {
        (self.code, self.context) = (code, context)
    }

    /// `code: context`, safe to log.
    public var description: String { "\(code.rawValue): \(context)" }

    /// Equal when the codes are.
    public static func == (left: StoreError, right: StoreError) -> Bool { left.code == right.code }

    /// Follows equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
