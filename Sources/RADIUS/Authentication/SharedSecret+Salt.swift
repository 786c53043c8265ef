/// Salted values: Tunnel-Password (RFC 2868 §3.5) and MS-MPPE-Send-Key and -Recv-Key (RFC 2548 §2.4.2).
extension SharedSecret {
    /// Salt and hidden octets of a value of at most 239 octets, for a packet whose request has `authenticator`.
    ///
    /// `salt` must be unique in its packet; its highest bit is set whatever it is. Throws `.attributeValueTooLong`.
    public func hide(
        salted value: [UInt8], salt: UInt16, authenticator: Authenticator
    ) throws(RADIUSError) -> [UInt8] {
        guard value.count <= PacketLimits.maximumSaltedLength else { throw RADIUSError(.attributeValueTooLong) }
        let salt = withUnsafeBytes(of: (salt | 0x8000).bigEndian) { Array($0) }
        let plain = [UInt8(truncatingIfNeeded: value.count)] + value
        var octets = salt + plain + [UInt8](repeating: 0, count: (16 - plain.count % 16) % 16)
        var stream = try keystream(authenticator, salt: salt)
        for block in stride(from: 2, to: octets.count, by: 16) {
            if block > 2 { stream = try keystream(octets[block - 16..<block]) }
            stream.withUnsafeBytes { key in
                for index in 0..<16 { octets[block + index] ^= key[index] }
            }
        }
        return octets
    }

    /// The value behind a salt, without its padding.
    ///
    /// Throws `.saltedValueLength` unless `hidden` is a salt and 1…15 whole blocks, `.saltedValueMalformed` when the length
    /// inside does not fit. A clear highest bit of the salt is tolerated: some access points count from 0.
    public func reveal(
        salted hidden: UnsafeRawBufferPointer, authenticator: Authenticator
    ) throws(RADIUSError) -> [UInt8] {
        let length = hidden.count - 2
        guard length >= 16, length <= 240, length.isMultiple(of: 16) else { throw RADIUSError(.saltedValueLength) }
        var octets = Array(hidden.dropFirst(2))
        var stream = try keystream(authenticator, salt: Array(hidden.prefix(2)))
        for block in stride(from: 0, to: length, by: 16) {
            if block > 0 { stream = try keystream(Array(hidden)[block - 14..<block + 2]) }
            stream.withUnsafeBytes { key in
                for index in 0..<16 { octets[block + index] ^= key[index] }
            }
        }
        let count = Int(octets[0])
        guard count < length else { throw RADIUSError(.saltedValueMalformed) }
        return Array(octets[1..<1 + count])
    }

    private func keystream(_ authenticator: Authenticator, salt: [UInt8]) throws(RADIUSError) -> Authenticator {
        try authenticator.withUnsafeBytes { bytes throws(RADIUSError) in try keystream(bytes, salt: salt) }
    }

    private func keystream(_ chain: ArraySlice<UInt8>) throws(RADIUSError) -> Authenticator {
        try chain.withUnsafeBufferPointer { buffer throws(RADIUSError) in
            try keystream(UnsafeRawBufferPointer(buffer))
        }
    }
}

extension PacketView {
    /// The value of a salted attribute of this packet, which is a request or answers one with `authenticator`.
    ///
    /// In RADIUS/1.1 it is the value as it stands (RFC 9765 §5.1). Throws as ``SharedSecret/reveal(salted:authenticator:)``.
    public func revealed(
        _ value: UnsafeRawBufferPointer, secret: SharedSecret, authenticator: Authenticator
    ) throws(RADIUSError) -> [UInt8] {
        version == .radius11 ? Array(value) : try secret.reveal(salted: value, authenticator: authenticator)
    }
}

extension PacketWriter {
    /// The octets that stand for a secret value in this packet: salted, or as they are in RADIUS/1.1. Nil after a fault.
    mutating func concealed(_ value: [UInt8], secret: SharedSecret) -> [UInt8]? {
        if version == .radius11 { return value }
        do throws(RADIUSError) {
            return try secret.hide(salted: value, salt: nextSalt(), authenticator: hidingAuthenticator)
        } catch {
            fail(error)
            return nil
        }
    }

    /// Appends a salted vendor attribute: MS-MPPE keys, Aruba-MPSK-Passphrase. At most 239 octets.
    public mutating func append(vendor: UInt32, type: UInt8, salted value: [UInt8], secret: SharedSecret) {
        if let octets = concealed(value, secret: secret) { append(vendor: vendor, type: type, octets) }
    }
}
