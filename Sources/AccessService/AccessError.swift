/// A fault of the access daemon that stops something: what cannot be bound, opened or kept.
///
/// Refusals of visitors and packets are values and counters, never errors. Two errors are equal when their codes are.
public struct AccessError: Error, Hashable, CustomStringConvertible {
    /// What went wrong; closed, so that a caller can map each case once.
    public enum Code: String, Sendable, Hashable {
        /// An address of the configuration is not a numeric IPv4 or IPv6 address.
        case invalidAddress
        /// A socket could not be opened, set up or bound.
        case socket
        /// The spool directory or one of its segments could not be used.
        case spool
        /// The spool holds as much as it may, or its disk is full.
        case spoolFull
        /// The daemon is stopping and takes no more work.
        case stopping
        /// The configuration contradicts itself.
        case configuration
    }

    /// The kind of fault.
    public let code: Code
    /// Context for an operator: an address of ours, a path, an errno text. Never a secret, a login or a visitor's address.
    public let context: String

    /// Makes an error of a kind with its context.
    public init(_ code: Code, _ context: String) {
        (self.code, self.context) = (code, context)
    }

    /// Whether the codes are equal.
    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }
    /// Of the code alone.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
    /// Safe to log.
    public var description: String { "\(code.rawValue): \(context)" }
}
