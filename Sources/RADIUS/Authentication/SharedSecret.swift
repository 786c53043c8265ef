import OpenSSL

/// A secret shared with one peer, ready to check and sign packets with reused libcrypto contexts.
///
/// Not `Sendable`: each packet thread makes its own for each peer. Nothing prints the secret.
public final class SharedSecret {
    private let octets: [UInt8]
    private let digest: MD5Context
    private let code: HMACMD5Context

    /// A secret of at least one octet (RFC 2865 §3; sixteen random ones are what it asks for).
    ///
    /// Throws `.secretEmpty`, or `.cryptography` when libcrypto offers no MD5.
    public init(_ octets: [UInt8]) throws(RADIUSError) {
        guard !octets.isEmpty else { throw RADIUSError(.secretEmpty) }
        self.octets = octets
        do throws(OpenSSLError) {
            digest = try MD5Context()
            code = try HMACMD5Context(key: octets)
        } catch {
            throw RADIUSError(.cryptography, context: error.description)
        }
    }

    /// MD5(code ‖ identifier ‖ length ‖ `authenticator` ‖ attributes ‖ secret): the Response Authenticator over the request's
    /// authenticator (RFC 2865 §3), the Request Authenticator of accounting and CoA over zeros (RFC 2866 §3).
    func authenticator(
        of packet: UnsafeRawBufferPointer, over authenticator: Authenticator
    ) throws(RADIUSError) -> Authenticator {
        guard packet.count >= PacketLimits.headerLength else { throw RADIUSError(.datagramTooShort) }
        digest.update(UnsafeRawBufferPointer(rebasing: packet[..<4]))
        authenticator.withUnsafeBytes { digest.update($0) }
        digest.update(UnsafeRawBufferPointer(rebasing: packet[PacketLimits.headerLength...]))
        octets.withUnsafeBytes { digest.update($0) }
        return try finished { digest.finish(into: $0) }
    }

    /// HMAC-MD5 over the packet with `authenticator` in its header and zeros in the Message-Authenticator whose attribute
    /// begins at `offset` (RFC 3579 §3.2).
    func messageAuthenticator(
        of packet: UnsafeRawBufferPointer, at offset: Int, over authenticator: Authenticator
    ) throws(RADIUSError) -> Authenticator {
        guard offset >= PacketLimits.headerLength, packet.count >= 18, offset <= packet.count - 18 else {
            throw RADIUSError(.messageAuthenticatorLength, at: offset)
        }
        code.update(UnsafeRawBufferPointer(rebasing: packet[..<4]))
        authenticator.withUnsafeBytes { code.update($0) }
        code.update(UnsafeRawBufferPointer(rebasing: packet[PacketLimits.headerLength..<offset + 2]))
        Authenticator.zero.withUnsafeBytes { code.update($0) }
        code.update(UnsafeRawBufferPointer(rebasing: packet[(offset + 18)...]))
        return try finished { code.finish(into: $0) }
    }

    /// MD5(secret ‖ `chain` ‖ `salt`), the keystream of hidden values (RFC 2865 §5.2, RFC 2868 §3.5).
    func keystream(_ chain: UnsafeRawBufferPointer, salt: [UInt8] = []) throws(RADIUSError) -> Authenticator {
        octets.withUnsafeBytes { digest.update($0) }
        digest.update(chain)
        if !salt.isEmpty { digest.update(salt) }
        return try finished { digest.finish(into: $0) }
    }

    @inline(__always)
    private func finished(_ finish: (UnsafeMutableRawBufferPointer) -> Bool) throws(RADIUSError) -> Authenticator {
        var result = Authenticator.zero
        guard result.withUnsafeMutableBytes(finish) else { throw RADIUSError(.cryptography) }
        return result
    }
}
