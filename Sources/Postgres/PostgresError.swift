/// A failure of this module. Equality looks at the code alone.
///
/// `description` is safe to log: it holds no parameter value, no row and no text of the server. What the server said is
/// in `debugDescription`, which may quote data (a duplicate key, for instance) and belongs in no log.
public struct PostgresError: Error, Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    /// What went wrong.
    public enum Code: Sendable, Hashable {
        /// As many calls are waiting as the client allows; this one was refused and did nothing.
        case queueFull
        /// No connection could be made while the call waited. It did nothing.
        case connectionFailed
        /// The connection died under the call, which took no effect or only read.
        case connectionLost
        /// A write was sent and its answer never came: it may or may not have happened.
        case unknownOutcome
        /// The server refused the statement. The state is five characters, see appendix A of PostgreSQL's manual.
        case server(sqlState: String)
        /// The call's time ran out. A write that was repeatable may have happened.
        case timeout
        /// The calling task was cancelled. Whether a write in flight happened is not known.
        case cancelled
        /// A column does not have the type or the value that the caller asked for.
        case decoding
        /// The parameters of one statement exceed what the protocol carries.
        case tooLarge
        /// A connection string or a file given to this module cannot be used.
        case configuration
        /// A private server could not be started in its directory; the context says what to do.
        case serverUnusable
        /// A migration is not what was applied, or cannot be applied now; the context names the file.
        case migration
        /// The client has ended, or this transaction has.
        case closed
    }

    /// What went wrong.
    public let code: Code
    /// The violated constraint, when the server names one.
    public let constraint: String?
    /// What happened, without any value. Empty when the code says it all.
    public let context: String
    private let serverText: String

    /// An error with a context that is safe to log, and the text of the server, which is not.
    public init(_ code: Code, _ context: String = "", constraint: String? = nil, serverText: String = "") {
        self.code = code
        self.context = context
        self.constraint = constraint
        self.serverText = serverText
    }

    /// The server's five-character state when it refused the statement, such as `23505` for a duplicate key.
    public var sqlState: String? {
        if case .server(let state) = code { state } else { nil }
    }

    /// Safe to log.
    public var description: String {
        var text = "postgres: \(summary)"
        if let constraint { text += ", constraint \(constraint)" }
        if !context.isEmpty { text += ": \(context)" }
        return text
    }

    /// The description and what the server said; may hold data.
    public var debugDescription: String { serverText.isEmpty ? description : "\(description) [\(serverText)]" }

    /// Equality of the codes.
    public static func == (left: PostgresError, right: PostgresError) -> Bool { left.code == right.code }

    private var summary: String {
        switch code {
        case .queueFull: "too many calls are waiting"
        case .connectionFailed: "no connection"
        case .connectionLost: "connection lost"
        case .unknownOutcome: "connection lost, the outcome of the write is unknown"
        case .server(let sqlState): "refused by the server (\(sqlState))"
        case .timeout: "timed out"
        case .cancelled: "cancelled"
        case .decoding: "unexpected value"
        case .tooLarge: "parameters too large"
        case .configuration: "unusable configuration"
        case .serverUnusable: "no server could be started"
        case .migration: "migration refused"
        case .closed: "closed"
        }
    }
}
