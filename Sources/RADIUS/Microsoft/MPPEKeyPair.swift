/// The keys of an EAP conversation on their way to the access point (RFC 2548 §2.4.2, §2.4.3; RFC 3748 §7.10).
public struct MPPEKeyPair: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// MS-MPPE-Send-Key: what the access point sends with; the second half of the MSK.
    public var send: [UInt8]
    /// MS-MPPE-Recv-Key: what the access point receives with; the first half of the MSK.
    public var receive: [UInt8]

    /// Two keys of at most 239 octets, 32 for WPA.
    public init(send: [UInt8], receive: [UInt8]) {
        (self.send, self.receive) = (send, receive)
    }

    /// Never the keys.
    public var description: String { "MPPEKeyPair(redacted)" }
    /// Never the keys.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// The two halves of an MSK of 64 octets; nil for another length.
    public init?(masterSessionKey key: [UInt8]) {
        guard key.count == 64 else { return nil }
        self.init(send: Array(key[32...]), receive: Array(key[..<32]))
    }

    /// The keys in an Access-Accept that answers a request with `authenticator`; nil when one of them is missing.
    ///
    /// Throws `.saltedValueLength` or `.saltedValueMalformed`.
    public init?(_ packet: PacketView, secret: SharedSecret, authenticator: Authenticator) throws(RADIUSError) {
        guard let send = packet.first(.mppeSendKey), let receive = packet.first(.mppeRecvKey) else { return nil }
        self.init(
            send: try packet.revealed(send.value, secret: secret, authenticator: authenticator),
            receive: try packet.revealed(receive.value, secret: secret, authenticator: authenticator))
    }
}

extension PacketWriter {
    /// Appends both keys, each salted under its own salt.
    public mutating func append(_ keys: MPPEKeyPair, secret: SharedSecret) {
        let vendor = MicrosoftAttribute.vendor
        let (send, receive) = (MicrosoftAttribute.mppeSendKey.rawValue, MicrosoftAttribute.mppeRecvKey.rawValue)
        append(vendor: vendor, type: receive, salted: keys.receive, secret: secret)
        append(vendor: vendor, type: send, salted: keys.send, secret: secret)
    }
}
