import EAP
import Territory

/// A password somebody chose, as what is kept of it.
struct ChosenPassword {
    /// What a User-Password carries (RFC 2865 §5.2): with a longer one nobody could log in.
    static let maximumOctets = 128

    /// yescrypt.
    let hash: Secret
    /// Its NT hash, where MS-CHAPv2 is to work.
    let nt: Secret?

    init(_ text: String, keepingNTHash: Bool) throws(Failure) {
        guard text.utf8.count <= Self.maximumOctets else {
            throw Failure(
                .data,
                "the password has \(text.utf8.count) octets, and RADIUS carries \(Self.maximumOctets) (RFC 2865 §5.2)",
                mend: "choose a shorter one; an accented letter has two octets")
        }
        guard let hash = PasswordHash.yescrypt(text) else {
            throw Failure(.data, "the password is empty or holds a zero octet")
        }
        self.hash = hash
        guard keepingNTHash else {
            nt = nil
            return
        }
        do { nt = Secret(try NTHash(password: text).octets) } catch {
            throw Failure(.system, "OpenSSL has no MD4 here, so no NT hash", mend: "leave out --nt-hash")
        }
    }

    /// The first line of a file or of standard input.
    static func read(_ path: String, keepingNTHash: Bool) throws -> ChosenPassword {
        guard let text = try CommandFile.secret(path).text else {
            throw Failure(.data, "the password is not UTF-8 text")
        }
        return try ChosenPassword(text, keepingNTHash: keepingNTHash)
    }
}
