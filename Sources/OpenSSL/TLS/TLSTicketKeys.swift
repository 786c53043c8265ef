/// The keys that seal session tickets (RFC 5077, RFC 8446 §4.6.1), so that sessions are resumed without a state here.
///
/// Nodes that have equal keys and equal settings resume each other's sessions. Replace the current key now and then
/// (a ticket's secrecy is worth no more than its key's) and give the one replaced as the previous: its tickets are still
/// accepted, and on TLS 1.2 exchanged for new ones.
public struct TLSTicketKeys: Sendable, CustomStringConvertible, CustomReflectable {
    /// Octets of a key: 16 that name it, 32 for HMAC-SHA-256, 32 for AES-256-CBC.
    public static let keyLength = 80
    /// The longest lifetime: seven days (RFC 8446 §4.6.1).
    public static let longestLifetimeSeconds = 604_800

    /// What new tickets are sealed with.
    public var current: [UInt8]
    /// What older tickets may be sealed with.
    public var previous: [UInt8]?
    /// How long after it was issued a ticket may be used, 1…604 800 seconds.
    public var lifetimeSeconds: Int

    /// Keys of 80 octets each; ``TLSContext`` refuses others.
    public init(current: [UInt8], previous: [UInt8]? = nil, lifetimeSeconds: Int) {
        (self.current, self.previous, self.lifetimeSeconds) = (current, previous, lifetimeSeconds)
    }

    /// Says nothing of the keys.
    public var description: String { "TLSTicketKeys(redacted)" }
    /// Empty, so that no dump shows the keys.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    var isValid: Bool {
        current.count == Self.keyLength && (previous.map { $0.count == Self.keyLength } ?? true)
            && (1...Self.longestLifetimeSeconds).contains(lifetimeSeconds)
    }
}
