/// Why a TLS session ended or refused a call. Two are equal when their codes are; the text names nobody.
public struct TLSFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of reasons.
    public enum Code: String, Sendable, CaseIterable {
        /// The peer sent a fatal alert; ``TLSFailure/alert`` says which.
        case alertReceived
        /// The peer showed no certificate where one is required.
        case certificateMissing
        /// No trust anchor vouches for the peer's certificate, or an intermediate certificate is missing.
        case certificateUntrusted
        /// A certificate of the peer's chain has expired.
        case certificateExpired
        /// A certificate of the peer's chain is not valid yet.
        case certificateNotYetValid
        /// A certificate of the peer's chain is on a revocation list.
        case certificateRevoked
        /// An authority of the peer's chain has no revocation list in force here.
        case revocationUnknown
        /// The server's certificate is for another name.
        case certificateNameMismatch
        /// The peer's certificate is for another purpose, too weak, wrongly signed, or unacceptable in another way.
        case certificateInvalid
        /// No version in common.
        case versionMismatch
        /// No cipher suite, group or signature algorithm in common.
        case parametersMismatch
        /// The peer offered application protocols, and none of ours.
        case applicationProtocolMismatch
        /// Octets that are not the TLS they should be.
        case protocolViolation
        /// More octets than a handshake may have, or than may wait to be read.
        case inputTooLarge
        /// More octets wait to be taken than may, or the argument is longer than its limit.
        case outputTooLarge
        /// The call needs an established session.
        case notEstablished
        /// The session has ended.
        case closed
        /// The call does not fit this session's role, version or settings.
        case notSupported
        /// OpenSSL failed without fault of the peer: it is out of memory.
        case operationFailed
    }

    /// Which reason.
    public let code: Code
    /// The fatal alert that was received or sent with it.
    public let alert: TLSAlert?
    /// OpenSSL's fixed words for what it found, for a log line: `certificate verify failed`.
    public let reason: String?

    init(_ code: Code, alert: TLSAlert? = nil, reason: String? = nil) {
        (self.code, self.alert, self.reason) = (code, alert, reason)
    }

    /// A failure to compare with.
    public init(_ code: Code) { self.init(code, alert: nil) }

    /// The code, the alert and OpenSSL's words, safe to log.
    public var description: String {
        "TLS: " + [code.rawValue, alert?.description, reason].compactMap { $0 }.joined(separator: ", ")
    }

    /// Equal when the codes are.
    public static func == (left: TLSFailure, right: TLSFailure) -> Bool { left.code == right.code }

    /// Follows equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
