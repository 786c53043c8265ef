/// Why octets were refused, or an event came at a wrong moment. Two errors are equal when their codes are; the text never
/// holds an identity, a password or a key.
///
/// A packet that throws changes nothing: RFC 3748 §4 has it silently discarded, and the conversation goes on.
public struct EAPError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of reasons; `rawValue` is the name to count them under.
    public enum Code: String, Sendable, CaseIterable {
        // The packet (RFC 3748 §4).
        /// Fewer than four octets arrived.
        case packetTooShort
        /// The Length field is below what the code requires, or above what arrived.
        case lengthInvalid
        /// More octets than any packet of ours or of a peer has: see ``EAPLimits/maximumPacket``.
        case packetTooLong
        /// A code other than 1 to 4.
        case unknownCode
        /// A Success or Failure of more than four octets.
        case resultWithData
        /// An Expanded type without its eight octets (RFC 3748 §5.7).
        case expandedTypeTruncated
        /// An Identity beyond 253 octets, or which is not UTF-8 without NUL (RFC 3748 §5.1).
        case identityMalformed
        /// A Nak without a list, or an Expanded Nak that is not whole types (RFC 3748 §5.3).
        case nakMalformed

        // The order of packets (RFC 3748 §4.1).
        /// A response to another request than the outstanding one.
        case identifierMismatch
        /// A packet of this kind may not come now.
        case unexpectedPacket
        /// The caller was asked something and has not answered yet.
        case answerPending
        /// The caller answers what it was not asked.
        case nothingToAnswer
        /// The conversation is over.
        case finished

        // Fragments (RFC 5216 §2.1.5).
        /// A fragment without its flags, or without the four octets its flags promise.
        case fragmentTruncated
        /// Flags that may not be set here, or a version that was not offered.
        case flagsInvalid
        /// A message above ``EAPLimits/maximumMessage``, or fragments beyond or short of the promised length.
        case messageLengthInvalid

        // Inside the tunnel.
        /// An AVP beyond its message, shorter than its header, or too many of them (RFC 5281 §10).
        case avpMalformed
        /// An AVP marked mandatory that is not known here (RFC 5281 §10.1).
        case avpUnsupported
        /// AVPs that make no credential, or two of them.
        case credentialsMalformed
        /// An inner EAP packet that may not come now or cannot be read.
        case innerPacketInvalid
        /// An MS-CHAPv2 packet of an impossible shape.
        case mschapMalformed

        /// libssl or libcrypto refused; see the module OpenSSL.
        case cryptography
    }

    /// Which reason.
    public let code: Code

    /// A refusal for this reason.
    public init(_ code: Code) { self.code = code }

    /// The code's name, safe to log.
    public var description: String { code.rawValue }
}
