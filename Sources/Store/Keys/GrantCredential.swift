internal import OpenSSL

/// The one-time RADIUS credential of a grant: a random login, and a password derived from it under a key of the
/// installation. The password is stored nowhere and works for PAP and CHAP.
public struct GrantCredential: Sendable, CustomStringConvertible, CustomReflectable {
    /// Characters of a login: `g.` and 20 of base32, which are 100 random bits.
    public static let loginLength = 22
    /// Characters of a password.
    public static let passwordLength = 20
    private static let prefix = "g."

    private let key: [UInt8]

    init(key: [UInt8]) { self.key = key }

    /// A login that nobody can guess.
    public static func randomLogin() -> String {
        prefix + Base32.encode(SecureRandom.bytes(13)).prefix(loginLength - prefix.utf8.count)
    }

    /// Whether a User-Name has the shape of a grant's login. It says nothing about its existence.
    public static func isLogin(_ text: some StringProtocol) -> Bool {
        let octets = text.utf8
        guard octets.count == loginLength, octets.starts(with: prefix.utf8) else { return false }
        return octets.dropFirst(prefix.utf8.count).allSatisfy { octet in
            (0x61...0x7a).contains(octet) || (0x32...0x37).contains(octet)
        }
    }

    /// The password of a login: the first 20 characters of the base32 of its HMAC-SHA-256.
    public func password(for login: String) -> String {
        String(Base32.encode(Digest.hmacSHA256(key: key, Array(login.utf8))).prefix(Self.passwordLength))
    }

    /// Says nothing about the key.
    public var description: String { "GrantCredential(redacted)" }
    /// Says nothing about the key.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
