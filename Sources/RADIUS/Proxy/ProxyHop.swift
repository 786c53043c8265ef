/// One side of a proxy: how values are hidden between it and us.
struct ProxyHop {
    let secret: SharedSecret
    let version: ProtocolVersion
    /// What hidden values are chained to.
    let authenticator: Authenticator

    /// The values in a request: an Access-Request's authenticator is their chain, a signature over zeros is not.
    init(request: PacketView, secret: SharedSecret) {
        let isNonce = request.code == .accessRequest || request.code == .statusServer
        (self.secret, version) = (secret, request.version)
        authenticator = isNonce ? request.authenticator : .zero
    }

    /// The values in a reply to a request with `authenticator`.
    init(reply: PacketView, to request: SentRequest, secret: SharedSecret) {
        (self.secret, version, authenticator) = (secret, reply.version, request.authenticator)
    }

    /// The value in the clear. Throws the length faults of its kind.
    func reveal(_ value: UnsafeRawBufferPointer, _ kind: HiddenValue) throws(RADIUSError) -> [UInt8] {
        if version == .radius11 { return Array(value) }
        switch kind {
        case .password: return try blocks(value, isPadded: true)
        case .blocks: return try blocks(value, isPadded: false)
        case .salted(let isTagged):
            guard isTagged else { return try secret.reveal(salted: value, authenticator: authenticator) }
            guard let tag = value.first else { throw RADIUSError(.saltedValueLength) }
            let rest = UnsafeRawBufferPointer(rebasing: value.dropFirst())
            return [tag] + (try secret.reveal(salted: rest, authenticator: authenticator))
        }
    }

    private func blocks(_ value: UnsafeRawBufferPointer, isPadded: Bool) throws(RADIUSError) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: PacketLimits.maximumPasswordLength)
        let length = try output.withUnsafeMutableBufferPointer { buffer throws(RADIUSError) in
            try secret.reveal(value, authenticator: authenticator, into: UnsafeMutableRawBufferPointer(buffer))
        }
        return Array(output[..<(isPadded ? length : value.count)])
    }
}

extension PacketWriter {
    /// A value in the clear, hidden as this packet hides it; nil after a fault.
    mutating func hidden(_ value: [UInt8], _ kind: HiddenValue, secret: SharedSecret) -> [UInt8]? {
        if version == .radius11 { return value }
        switch kind {
        case .password, .blocks:
            do throws(RADIUSError) {
                return try secret.hide(value, authenticator: hidingAuthenticator)
            } catch {
                fail(error)
                return nil
            }
        case .salted(let isTagged):
            guard isTagged else { return concealed(value, secret: secret) }
            return concealed(Array(value.dropFirst()), secret: secret).map { value.prefix(1) + $0 }
        }
    }
}
