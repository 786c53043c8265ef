/// A password to be verified by the slow hash, off the packet threads.
struct PasswordCheck: Sendable {
    /// Whose; at most one check of an account runs at a time.
    var account: Int64
    /// The NAS it came through: NAS take turns.
    var nas: Int64
    /// Whether this account or device failed lately: such checks wait behind the others and are shed first.
    var isSuspect: Bool
    /// As revealed from the request, without padding. Never logged.
    var password: [UInt8]
    /// crypt(5) format.
    var storedHash: String
    /// After this (monotonic nanoseconds) the NAS has given up waiting.
    var deadline: UInt64
    /// Where the answer goes: called once, on a pool thread or on the submitter's.
    var finish: @Sendable (PasswordOutcome) -> Void
}

/// What became of a password check.
enum PasswordOutcome: Sendable {
    case right, wrong
    /// Not verified: the queue was full, or the wait would have been longer than the NAS's patience.
    case shed
}
