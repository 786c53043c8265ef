import CLinux
import Foundation
import OpenSSL
import Territory

/// Hashes a password somebody chose, with libxcrypt's yescrypt.
enum PasswordHash {
    /// The longest password crypt(3) takes.
    static let maximumBytes = 511

    /// `$y$…`, at libxcrypt's own default cost. Nil for a password crypt(3) does not take: empty, too long, or with a
    /// zero octet, at which it would end.
    static func yescrypt(_ password: String) -> Secret? {
        guard (1...maximumBytes).contains(password.utf8.count), !password.utf8.contains(0) else { return nil }
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let random = SecureRandom.bytes(64).map { CChar(bitPattern: $0) }
        guard crypt_gensalt_rn("$y$", 0, random, Int32(random.count), &setting, Int32(setting.count)) != nil else {
            return nil
        }
        // crypt_data is 32 KB: too large for a thread's stack in some places, and it holds the password afterwards.
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        data.initialize(to: crypt_data())
        defer {
            data.pointee = crypt_data()
            data.deallocate()
        }
        guard let hash = crypt_rn(password, setting, data, Int32(MemoryLayout<crypt_data>.size)) else { return nil }
        let text = String(cString: hash)
        return text.hasPrefix("*") ? nil : Secret(text: text)
    }

    /// Whether a password has this hash.
    static func matches(_ password: String, _ hash: Secret) -> Bool {
        guard let setting = hash.text else { return false }
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        data.initialize(to: crypt_data())
        defer {
            data.pointee = crypt_data()
            data.deallocate()
        }
        guard let made = crypt_rn(password, setting, data, Int32(MemoryLayout<crypt_data>.size)) else { return false }
        return constantTimeEqual(Array(String(cString: made).utf8), hash.bytes)
    }
}
