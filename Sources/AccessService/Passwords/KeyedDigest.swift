internal import OpenSSL

/// The first 128 bits of an HMAC-SHA-256 under a key that this process made for itself: names a password, an account or
/// a device in memory without holding it, and means nothing to anyone who reads the memory later.
struct KeyedDigest: Hashable, Sendable, BitwiseCopyable {
    var high: UInt64
    var low: UInt64

    func hash(into hasher: inout Hasher) {
        hasher.combine(high)
        hasher.combine(low)
    }
}

/// Makes keyed digests for one thread. Not Sendable: an HMAC context belongs to one thread.
final class KeyedDigester {
    private let context: HMACSHA256Context
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 32, alignment: 8)

    init(key: [UInt8]) throws(OpenSSLError) { context = try HMACSHA256Context(key: key) }

    deinit { output.deallocate() }

    /// The digest of an account's password under its stored hash: another stored hash gives another digest, so a changed
    /// password forgets every success. nil if libcrypto fails.
    func password(account: Int64, storedHash: [UInt8], password: UnsafeRawBufferPointer) -> KeyedDigest? {
        context.update(UnsafeRawBufferPointer(start: nil, count: 0))
        withUnsafeBytes(of: account.bigEndian) { context.update($0) }
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: storedHash.count).bigEndian) { context.update($0) }
        context.update(storedHash)
        context.update(password)
        return finish()
    }

    /// The digest of what a limit is counted by. nil if libcrypto fails.
    func subject(_ label: UInt8, _ number: Int64, _ bytes: UnsafeRawBufferPointer) -> KeyedDigest? {
        withUnsafeBytes(of: label) { context.update($0) }
        withUnsafeBytes(of: number.bigEndian) { context.update($0) }
        context.update(bytes)
        return finish()
    }

    private func finish() -> KeyedDigest? {
        guard context.finish(into: output) else { return nil }
        return KeyedDigest(
            high: output.loadUnaligned(as: UInt64.self), low: output.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
}
