/// What a holder of a key may open, and with whom.
public enum KeyRole: String, Sendable, CaseIterable {
    /// Opens sampled segments alone.
    case auditor
    /// One of three; any two open a segment together.
    case officer
}
