/// What the portal refuses or cannot do. Two errors are equal when their codes are; the text holds no code a visitor
/// typed, no address and no identity.
public struct PortalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of failures.
    public enum Code: String, Sendable, CaseIterable {
        /// A query string or form that is not what a browser sends: bad percent encoding, not UTF-8, too many fields.
        case malformedRequest
        /// A body or query string above its limit.
        case tooLarge
        /// No site of that name, or a page that does not exist.
        case notFound
        /// A verb the address does not take.
        case methodNotAllowed
        /// Gateway parameters that are incomplete, forged or not of this site.
        case gatewayRefused
        /// The form carries no valid token: expired, of another session or of another site.
        case formExpired
        /// Too many tries.
        case rateLimited
        /// The database is away, or answered too late.
        case unavailable
        /// A configuration file that cannot be used.
        case configuration
    }

    /// Which failure.
    public let code: Code
    /// What failed, for a log line.
    public let detail: String
    /// Seconds after which a new try makes sense, 0 when that is not the question.
    public let retryAfterSeconds: Int

    /// A failure; `detail` is logged, so it must hold nothing secret.
    public init(_ code: Code, _ detail: String, retryAfterSeconds: Int = 0) {
        (self.code, self.detail, self.retryAfterSeconds) = (code, detail, retryAfterSeconds)
    }

    /// `code: detail`, safe to log.
    public var description: String { "\(code.rawValue): \(detail)" }

    /// Equal when the codes are.
    public static func == (left: PortalError, right: PortalError) -> Bool { left.code == right.code }

    /// Follows equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
