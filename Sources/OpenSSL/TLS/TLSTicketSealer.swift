import COpenSSL

/// Seals session tickets as RFC 5077 §4 recommends: AES-256-CBC, then HMAC-SHA-256, under a key with a name.
///
/// `@unchecked Sendable`: everything is set in `init`, and the fetched cipher is immutable.
final class TLSTicketSealer: @unchecked Sendable {
    private struct Key {
        let name: [UInt8]
        let authentication: [UInt8]
        let encryption: [UInt8]

        init(_ octets: [UInt8]) {
            name = Array(octets.prefix(16))
            authentication = Array(octets.dropFirst(16).prefix(32))
            encryption = Array(octets.dropFirst(48))
        }
    }

    let lifetimeSeconds: Int
    private let current: Key
    private let previous: Key?
    private let cipher: LibcryptoObject

    init(_ keys: TLSTicketKeys) throws(OpenSSLError) {
        current = Key(keys.current)
        previous = keys.previous.map(Key.init)
        lifetimeSeconds = keys.lifetimeSeconds
        cipher = try LibcryptoObject(
            EVP_CIPHER_fetch(nil, "AES-256-CBC", nil), .algorithmUnavailable, "AES-256-CBC",
            free: { EVP_CIPHER_free($0) })
    }

    /// What the ticket key callback of libssl does: 1 for done, 0 for a ticket of nobody's, 2 for one that should be
    /// replaced, negative for a failure.
    func prepare(
        name: UnsafeMutablePointer<UInt8>, vector: UnsafeMutablePointer<UInt8>, _ cipherContext: OpaquePointer,
        _ codeContext: OpaquePointer, seals: Bool
    ) -> Int32 {
        if seals {
            let room = UnsafeMutableRawBufferPointer(start: vector, count: Int(EVP_MAX_IV_LENGTH))
            guard SecureRandom.fill(room) else { return -1 }
            for (index, octet) in current.name.enumerated() { name[index] = octet }
            return start(current, vector, cipherContext, codeContext, seals: true) ? 1 : -1
        }
        let asked = UnsafeRawBufferPointer(start: name, count: 16)
        func isNamed(_ key: Key) -> Bool { key.name.withUnsafeBytes { constantTimeEqual($0, asked) } }
        if isNamed(current) { return start(current, vector, cipherContext, codeContext, seals: false) ? 1 : -1 }
        guard let previous, isNamed(previous) else { return 0 }
        return start(previous, vector, cipherContext, codeContext, seals: false) ? 2 : -1
    }

    private func start(
        _ key: Key, _ vector: UnsafeMutablePointer<UInt8>, _ cipherContext: OpaquePointer,
        _ codeContext: OpaquePointer, seals: Bool
    ) -> Bool {
        guard EVP_CipherInit_ex(cipherContext, cipher.pointer, nil, key.encryption, vector, seals ? 1 : 0) == 1 else {
            return false
        }
        return tls_ticket_set_code_key(codeContext, key.authentication, key.authentication.count) == 1
    }
}
