/// What becomes of a visitor whose quota is used up, until the period is over.
public enum Exhaustion: String, Sendable, Hashable, Codable, CaseIterable {
    /// No login, and the gateway ends the session.
    case refuse
    /// Let in, at the throttle rates.
    case throttle
}
