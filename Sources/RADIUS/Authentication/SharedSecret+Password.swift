extension SharedSecret {
    /// Reveals a hidden User-Password (RFC 2865 §5.2) into `output` and returns its length without the padding.
    ///
    /// Throws `.userPasswordLength` unless `hidden` is 16, 32 … 128 octets, `.packetTooLong` when `output` is shorter. A
    /// wrong secret gives random octets: only a Message-Authenticator tells the two apart.
    public func reveal(
        _ hidden: UnsafeRawBufferPointer, authenticator: Authenticator, into output: UnsafeMutableRawBufferPointer
    ) throws(RADIUSError) -> Int {
        let length = hidden.count
        guard length >= 16, length <= PacketLimits.maximumPasswordLength, length.isMultiple(of: 16) else {
            throw RADIUSError(.userPasswordLength)
        }
        guard output.count >= length else { throw RADIUSError(.packetTooLong) }
        var stream = try keystream(chain: authenticator)
        for block in stride(from: 0, to: length, by: 16) {
            let cipher = UnsafeRawBufferPointer(rebasing: hidden[block..<block + 16])
            if block > 0 {
                stream = try keystream(UnsafeRawBufferPointer(rebasing: hidden[block - 16..<block]))
            }
            stream.withUnsafeBytes { key in
                for index in 0..<16 { output[block + index] = cipher[index] ^ key[index] }
            }
        }
        var end = length
        while end > 0, output[end - 1] == 0 { end -= 1 }
        return end
    }

    /// Hides a password of at most 128 octets for a request with `authenticator` (RFC 2865 §5.2).
    ///
    /// The answer is a whole number of 16-octet blocks, at least one. Throws `.passwordTooLong`.
    public func hide(_ password: [UInt8], authenticator: Authenticator) throws(RADIUSError) -> [UInt8] {
        guard password.count <= PacketLimits.maximumPasswordLength else { throw RADIUSError(.passwordTooLong) }
        let length = max(16, (password.count + 15) / 16 * 16)
        var octets = password + [UInt8](repeating: 0, count: length - password.count)
        var chain = authenticator
        for block in stride(from: 0, to: length, by: 16) {
            let stream = try keystream(chain: chain)
            stream.withUnsafeBytes { key in
                for index in 0..<16 { octets[block + index] ^= key[index] }
            }
            chain = Authenticator(Array(octets[block..<block + 16])) ?? chain
        }
        return octets
    }

    private func keystream(chain: Authenticator) throws(RADIUSError) -> Authenticator {
        try chain.withUnsafeBytes { bytes throws(RADIUSError) in try keystream(bytes) }
    }
}
