internal import OpenSSL
internal import Synchronization

/// What the database knows of a voucher's code: its HMAC-SHA-256 under a key of the installation. A copy of the database
/// lets nobody in, and without the key nobody can try the 30^10 codes against it.
public struct VoucherDigest: Sendable, CustomStringConvertible, CustomReflectable {
    /// Shared by the threads that look codes up: keying one costs as much as three codes.
    private final class Keyed: Sendable {
        let context: Mutex<HMACSHA256Context>

        init(key: [UInt8]) {
            guard let context = try? HMACSHA256Context(key: key) else {
                preconditionFailure("libcrypto cannot compute HMAC-SHA-256: not offered, or out of memory")
            }
            self.context = Mutex(context)
        }
    }

    private let keyed: Keyed

    init(key: [UInt8]) { keyed = Keyed(key: key) }

    /// The digest of a code: 32 octets.
    public func callAsFunction(_ code: VoucherCode) -> [UInt8] {
        let text = Array(code.canonical.utf8)
        let digest = keyed.context.withLock { context in
            context.update(text)
            return context.finish()
        }
        precondition(!digest.isEmpty, "libcrypto is out of memory")
        return digest
    }

    /// Says nothing about the key.
    public var description: String { "VoucherDigest(redacted)" }
    /// Says nothing about the key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
