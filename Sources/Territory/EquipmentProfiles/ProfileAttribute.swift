/// An attribute by its dictionary name, its value as text: numbers in decimal, addresses as usual, text as it is. For
/// openNDS, a parameter of the FAS reply.
public struct ProfileAttribute: Sendable, Hashable, CustomStringConvertible {
    /// Name in the RADIUS dictionary.
    public let name: String
    /// Value as text.
    public let value: String
    /// Whether the value may be shown to nobody: a WPA key.
    public let isSecret: Bool

    /// An attribute of that name and value.
    public init(name: String, value: String, isSecret: Bool = false) {
        (self.name, self.value, self.isSecret) = (name, value, isSecret)
    }

    /// `name = value`, without the value if it is a secret.
    public var description: String { "\(name) = \(isSecret ? "<secret>" : value)" }
}
