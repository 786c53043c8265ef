/// Why the archive could not be set up, or could not go on. Two errors are equal when their codes are; the text names a
/// file or a setting, never a record.
public struct RetentionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of reasons.
    public enum Code: String, Sendable, CaseIterable {
        /// A setting cannot be used.
        case configuration
        /// The disk is full, or the quota is.
        case diskFull
        /// The disk refused for another reason.
        case disk
        /// Another process has this archive open.
        case inUse
        /// An object of the archive is not what its name, the log or the catalogue says.
        case damaged
        /// An address cannot be listened on.
        case listen
    }

    /// Which reason.
    public let code: Code
    /// About what, safe to log.
    public let context: String

    /// A reason and what it is about.
    public init(_ code: Code, _ context: String) { (self.code, self.context) = (code, context) }

    /// `code: context`, safe to log.
    public var description: String { "\(code.rawValue): \(context)" }

    /// Equal when the codes are.
    public static func == (left: RetentionError, right: RetentionError) -> Bool { left.code == right.code }

    /// Follows equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
