/// An attribute by its dictionary name, its value as text: numbers in decimal, addresses as usual, text as it is. For
/// openNDS, a parameter of the FAS reply.
public struct ProfileAttribute: Sendable, Hashable, CustomStringConvertible {
    /// Name in the RADIUS dictionary.
    public let name: String
    /// Value as text.
    public let value: String

    /// An attribute of that name and value.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// `name = value`.
    public var description: String { "\(name) = \(value)" }
}
