/// Tunnel-Password (RFC 2868 §3.5): the WPA passphrase of one device, among other uses.
public struct TunnelPassword: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// Which of several tunnels it belongs to, 1…31; 0 is none in particular.
    public var tag: UInt8
    /// The password, at most 239 octets.
    public var password: [UInt8]

    /// A password; tags above 31 become 0.
    public init(_ password: [UInt8], tag: UInt8 = 0) {
        (self.password, self.tag) = (password, tag <= 0x1f ? tag : 0)
    }

    /// Never the password.
    public var description: String { "TunnelPassword(redacted)" }
    /// Never the password.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Reads an attribute of `packet`, which answers a request with `authenticator`.
    ///
    /// Throws `.saltedValueLength` or `.saltedValueMalformed`.
    public init(
        _ attribute: AttributeView, in packet: PacketView, secret: SharedSecret, authenticator: Authenticator
    ) throws(RADIUSError) {
        guard let tag = attribute.value.first else { throw RADIUSError(.saltedValueLength) }
        let rest = UnsafeRawBufferPointer(rebasing: attribute.value.dropFirst())
        self.init(try packet.revealed(rest, secret: secret, authenticator: authenticator), tag: tag)
    }
}

extension PacketWriter {
    /// Appends a Tunnel-Password, salted (RFC 2868 §3.5), or as it is in RADIUS/1.1 (RFC 9765 §5.1.3).
    public mutating func append(_ password: TunnelPassword, secret: SharedSecret) {
        guard let octets = concealed(password.password, secret: secret) else { return }
        append(.tunnelPassword, [password.tag] + octets)
    }
}
