/// Bytes that must reach no log, error or debugger output: a RADIUS shared secret, a gateway key, a password hash.
///
/// `description`, `debugDescription` and the mirror show a constant; the bytes are had by asking for them by name.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The bytes themselves.
    public let bytes: [UInt8]

    /// Keeps these bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Keeps the UTF-8 bytes of the text.
    public init(text: String) { bytes = Array(text.utf8) }

    /// The bytes as UTF-8 text; nil where they are not.
    public var text: String? { String(validating: bytes, as: UTF8.self) }

    /// A constant.
    public var description: String { "<secret>" }
    /// A constant.
    public var debugDescription: String { "<secret>" }
    /// Nothing inside.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
