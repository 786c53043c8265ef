/// Operator-Name (RFC 5580 §4.1): whose network the visitor is in, told to the visitor's home.
public struct OperatorName: Hashable, Sendable {
    /// What kind of name it is: the first character of the value.
    public struct Namespace: RawRepresentable, Hashable, Sendable {
        /// An ASCII character.
        public let rawValue: UInt8

        /// Any character is a namespace, known or not.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `0`: a TADIG code of GSM operators.
        public static let tadig = Namespace(rawValue: UInt8(ascii: "0"))
        /// `1`: a realm, as in eduroam.
        public static let realm = Namespace(rawValue: UInt8(ascii: "1"))
        /// `2`: mobile country and network code.
        public static let e212 = Namespace(rawValue: UInt8(ascii: "2"))
        /// `3`: an ITU carrier code.
        public static let icc = Namespace(rawValue: UInt8(ascii: "3"))
        /// `4`: an identifier of the Wireless Broadband Alliance, as in OpenRoaming.
        public static let wbaID = Namespace(rawValue: UInt8(ascii: "4"))
    }

    /// What kind of name it is.
    public let namespace: Namespace
    /// The name.
    public let name: String

    /// A name of 1…252 octets of UTF-8; nil for another length.
    public init?(_ namespace: Namespace, _ name: String) {
        guard (1..<PacketLimits.maximumValueLength).contains(name.utf8.count) else { return nil }
        (self.namespace, self.name) = (namespace, name)
    }

    /// The name in a request; nil when there is none that can be read.
    public init?(_ packet: PacketView) {
        guard let value = packet.first(.operatorName)?.value, let first = value.first,
            let name = String(validating: value.dropFirst(), as: UTF8.self)
        else { return nil }
        self.init(Namespace(rawValue: first), name)
    }

    /// The attribute.
    public var attribute: Attribute { Attribute(.operatorName, [namespace.rawValue] + Array(name.utf8)) }
}
