public import Foundation

/// What becomes of a claimed command.
public enum CommandStep: Sendable, Hashable {
    /// It is over, with this outcome.
    case finish(String)
    /// The same method again, at that instant; the outcome so far.
    case again(at: Date, outcome: String)
    /// The NAS did it, as it says; what accounting says of it is to be looked at from `check` on.
    case acknowledged(at: Date, check: Date)
    /// Nothing can be told yet: look again then.
    case lookAgain(at: Date)
    /// The next method of the profile, at once.
    case nextMethod(outcome: String)
}

/// One attempt to end or change a session, as its history keeps it.
public struct SessionAttempt: Sendable, Hashable {
    /// When its result was known.
    public let at: Date
    /// What was asked of the NAS.
    public let method: OutboxCommand.Kind
    /// Why, such as `expired`; nil: somebody asked.
    public let reason: String?
    /// `ack`, `nak`, `timeout`, `not-sent`; and after an `ack`, as accounting says, `stopped`, `silent` or `continues`.
    public let result: String
    /// The Error-Cause of a NAK (RFC 5176 §3.5).
    public let errorCause: UInt32?

    /// An attempt with this result.
    public init(
        at: Date, method: OutboxCommand.Kind, reason: String? = nil, result: String, errorCause: UInt32? = nil
    ) {
        (self.at, self.method, self.reason) = (at, method, reason)
        (self.result, self.errorCause) = (result, errorCause)
    }
}
