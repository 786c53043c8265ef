internal import RADIUS

extension ProxyRelay {
    /// The attributes of a verified reply as the NAS is to get them, encoded, without Message-Authenticator and
    /// Proxy-State, which belong to the packet that will carry them.
    ///
    /// Throws what ``ProxyRelay/answer(_:with:to:proxyState:adding:into:)`` does.
    func attributes(
        of reply: PacketView, for request: PacketView, sent: SentRequest, proxyState: ProxyState
    ) throws(RADIUSError) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: PacketLimits.maximumLength)
        let length = try octets.withUnsafeMutableBufferPointer { buffer throws(RADIUSError) in
            try answer(
                request, with: reply, to: sent, proxyState: proxyState, into: UnsafeMutableRawBufferPointer(buffer))
        }
        octets.removeSubrange(length...)
        return try octets.withPacketView(version: request.version) { packet throws(RADIUSError) in
            packet.attributes.reduce(into: [UInt8]()) { result, attribute in
                switch attribute.type {
                case .messageAuthenticator, .proxyState: break
                default: result += attribute.encoded
                }
            }
        }
    }
}
