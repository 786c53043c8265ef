import COpenSSL

/// An alert (RFC 5246 §7.2, RFC 8446 §6): what one end tells the other of why it stops.
public struct TLSAlert: Hashable, Sendable, CustomStringConvertible {
    /// Who sent it.
    public enum Direction: String, Sendable { case received, sent }

    /// Who sent it.
    public let direction: Direction
    /// Whether its level was fatal.
    public let isFatal: Bool
    /// The number of its description, 0…255.
    public let number: UInt8

    /// OpenSSL's words for the number: `unknown CA`, `handshake failure`.
    public var name: String { String(cString: SSL_alert_desc_string_long(Int32(number))) }

    /// `received unknown CA (48)`.
    public var description: String { "\(direction.rawValue) \(name) (\(number))" }
}
