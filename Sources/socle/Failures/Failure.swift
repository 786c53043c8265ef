/// What a command ends with when it cannot do its work: one line that says what, and how to mend it.
struct Failure: Error, Equatable, CustomStringConvertible {
    let status: ExitStatus
    let what: String
    /// What to do about it; empty when `what` says it.
    let mend: String

    init(_ status: ExitStatus, _ what: String, mend: String = "") {
        (self.status, self.what, self.mend) = (status, what, mend)
    }

    var description: String { mend.isEmpty ? what : "\(what); \(mend)" }
}
