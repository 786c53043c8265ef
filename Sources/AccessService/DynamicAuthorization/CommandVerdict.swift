internal import Foundation
internal import Store
internal import Territory

/// What accounting says of a session that a NAS acknowledged to have ended.
enum CommandVerdict: String, Sendable {
    /// A Stop has come, or the session ended otherwise.
    case stopped
    /// Nothing has been heard of it for two of its report intervals.
    case silent
    /// It is still reported on.
    case continues
    /// Too early to say.
    case unknown

    /// Reports that were under way when the NAS acknowledged prove nothing.
    static let slack: TimeInterval = 10
    /// How long a Stop is given before it is looked for.
    static let firstLook: TimeInterval = 2

    /// `session` is the row while it is open; nil: it is not.
    init(_ session: SessionRow?, acknowledgedAt: Date, interimSeconds: Int, now: Date) {
        guard let session else {
            self = .stopped
            return
        }
        if session.receivedAt > acknowledgedAt.addingTimeInterval(Self.slack) {
            self = .continues
        } else {
            self = now >= Self.deadline(acknowledgedAt, interimSeconds) ? .silent : .unknown
        }
    }

    /// When silence is believed.
    static func deadline(_ acknowledgedAt: Date, _ interimSeconds: Int) -> Date {
        acknowledgedAt.addingTimeInterval(2 * TimeInterval(interimSeconds) + slack)
    }

    /// When to look next: most Stops come within a second or two, so soon at first, then each time after as long as it has
    /// been already, and no later than the deadline.
    static func nextLook(_ acknowledgedAt: Date, _ interimSeconds: Int, now: Date) -> Date {
        let longest = max(slack, min(TimeInterval(interimSeconds) / 2, 60))
        let step = min(max(now.timeIntervalSince(acknowledgedAt), firstLook), longest)
        return min(max(deadline(acknowledgedAt, interimSeconds), now), now.addingTimeInterval(step))
    }
}
