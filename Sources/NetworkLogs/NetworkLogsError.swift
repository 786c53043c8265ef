/// Why a zone, a saved state or a name was refused. Lines and flows never throw: they have outcomes.
public struct NetworkLogsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of reasons.
    public enum Code: String, Sendable, CaseIterable {
        /// A time zone that cannot be read or expressed.
        case zoneMalformed
        /// Saved templates that cannot be read.
        case templatesMalformed
        /// Saved templates of another version of the format.
        case templatesVersion
    }

    /// Which reason.
    public let code: Code

    /// A reason.
    public init(_ code: Code) { self.code = code }

    /// The code's name, safe to log.
    public var description: String { code.rawValue }
}
