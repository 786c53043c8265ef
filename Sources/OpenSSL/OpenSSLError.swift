/// What this module can refuse. Two errors are equal when their codes are; the text never holds a key or a plaintext.
public struct OpenSSLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of refusals.
    public enum Code: String, Sendable, CaseIterable {
        /// libcrypto offers no such algorithm (a FIPS-only installation has no MD5).
        case algorithmUnavailable
        /// A key of another length than the algorithm takes.
        case keyLength
        /// An initialisation vector of another length than the algorithm takes.
        case vectorLength
        /// A sealed message too short to hold what it must hold, or not a whole number of blocks.
        case messageLength
        /// The message was not sealed with this key and associated data, or was altered since.
        case authenticationFailed
        /// Decrypted octets end in no valid PKCS#7 padding: wrong key, or altered.
        case paddingInvalid
        /// Octets that are no certificate, key or revocation list, or more of them than this module reads.
        case certificateMalformed
        /// An encrypted private key, and no passphrase or another one.
        case passphraseWrong
        /// A name, period or purpose that no certificate of ours may carry.
        case profileInvalid
        /// A certificate that is no authority, or a private key that is not the certificate's.
        case keyMismatch
        /// A setting of TLS that is out of its range, or missing where another demands it.
        case settingInvalid
        /// libcrypto refused an operation that cannot fail on valid arguments: it is out of memory.
        case operationFailed
    }

    /// Which refusal.
    public let code: Code
    /// The operation that refused, for a log line.
    public let operation: String

    /// A refusal of `operation`.
    public init(_ code: Code, _ operation: String) {
        (self.code, self.operation) = (code, operation)
    }

    /// `operation: code`, safe to log.
    public var description: String { "\(operation): \(code.rawValue)" }

    /// Equal when the codes are.
    public static func == (left: OpenSSLError, right: OpenSSLError) -> Bool { left.code == right.code }

    /// Follows equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
