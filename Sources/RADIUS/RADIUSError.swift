/// Why octets, a value or a dictionary were refused. Two errors are equal when their codes are; the text never holds a
/// secret, a password or an attribute's value.
public struct RADIUSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The closed list of reasons; `rawValue` is the name to count them under.
    public enum Code: String, Sendable, CaseIterable {
        // The header (RFC 2865 §3).
        /// Fewer than 20 octets arrived.
        case datagramTooShort
        /// The Length field is below 20.
        case lengthTooShort
        /// The Length field is above 4096.
        case lengthTooLong
        /// The Length field promises more octets than arrived.
        case lengthBeyondDatagram

        // The attributes (RFC 2865 §5).
        /// One octet is left where an attribute needs two.
        case attributeTruncated
        /// An attribute's Length is below 2.
        case attributeTooShort
        /// An attribute reaches beyond the packet.
        case attributeOverrun
        /// Attribute type 0, which is reserved.
        case attributeTypeZero
        /// More than ``PacketLimits/maximumAttributes``.
        case tooManyAttributes
        /// A Vendor-Specific value without room for a vendor and one attribute, or of a vendor id above 2^24 − 1.
        case vendorSpecificMalformed
        /// A vendor attribute's Length is below 2, or one octet is left.
        case vendorAttributeTooShort
        /// A vendor attribute reaches beyond its Vendor-Specific attribute.
        case vendorAttributeOverrun

        // Proof of origin (RFC 2865 §3, RFC 2866 §3, RFC 3579 §3.2, RFC 5176 §2.3, RFC 5997 §3).
        /// A Message-Authenticator whose value is not 16 octets.
        case messageAuthenticatorLength
        /// A second Message-Authenticator.
        case messageAuthenticatorRepeated
        /// No Message-Authenticator where one is required.
        case messageAuthenticatorMissing
        /// The Message-Authenticator was made with another secret, or the packet was altered.
        case messageAuthenticatorInvalid
        /// The Request Authenticator of an accounting, CoA or disconnect request does not verify.
        case requestAuthenticatorInvalid
        /// The Response Authenticator does not verify.
        case responseAuthenticatorInvalid
        /// A reply to another request.
        case identifierMismatch
        /// The last Proxy-State of a reply is not the one we added.
        case proxyStateMismatch
        /// A code that may not appear here.
        case unexpectedCode

        // Credentials (RFC 2865 §5.2, §5.3, §5.40).
        /// A hidden User-Password that is not 16, 32 … 128 octets.
        case userPasswordLength
        /// A CHAP-Password that is not 17 octets.
        case chapPasswordLength
        /// A CHAP-Challenge of fewer than 5 octets.
        case chapChallengeLength
        /// Two kinds of credentials in one request.
        case credentialsConflict
        /// A password above 128 octets cannot be hidden.
        case passwordTooLong
        /// An MS-CHAP response that is not 50 octets (RFC 2548 §2.1.3, §2.3.2).
        case msCHAPResponseLength
        /// An MS-CHAP-Challenge that is not 8 octets, or 16 for version 2 (RFC 2548 §2.1.2).
        case msCHAPChallengeLength
        /// A salted value that is not a salt and 16, 32 … 240 octets (RFC 2868 §3.5, RFC 2548 §2.4.2).
        case saltedValueLength
        /// A salted value whose own length reaches beyond it: made with another secret.
        case saltedValueMalformed
        /// An EAP-Message that does not follow the one before (RFC 3579 §3.1).
        case eapMessageScattered

        // Writing.
        /// The packet would not fit the buffer or 4096 octets.
        case packetTooLong
        /// An attribute's value would exceed 253 octets (247 for one vendor's).
        case attributeValueTooLong
        /// A shared secret of no octets.
        case secretEmpty
        /// libcrypto refused; see ``OpenSSLError``.
        case cryptography

        // Streams (RFC 6613 §2.6).
        /// More octets than ``PacketFramer/maximumBuffered`` wait to be taken out.
        case streamOverflow
        /// The stream ended inside a packet.
        case streamTruncated

        // Dictionaries.
        /// No attribute of that name.
        case unknownAttribute
        /// An enumerated attribute has no value of that name.
        case unknownValue
        /// A value that its type cannot represent.
        case valueOutOfRange
        /// A value that its type cannot be read from.
        case valueMalformed
        /// A dictionary line that cannot be read.
        case dictionaryMalformed
        /// A dictionary defines a name or number twice.
        case dictionaryConflict
        /// A dictionary file or folder cannot be read.
        case dictionaryUnreadable
    }

    /// Which reason.
    public let code: Code
    /// For packets: the octet, counted from 0, where the fault is.
    public let offset: Int?
    /// For names and dictionaries: the name, or the file and line.
    public let context: String?

    /// A reason without a place.
    public init(_ code: Code, context: String? = nil) {
        (self.code, self.offset, self.context) = (code, nil, context)
    }

    /// A reason at an octet of a packet.
    public init(_ code: Code, at offset: Int) {
        (self.code, self.offset, self.context) = (code, offset, nil)
    }

    /// `attributeTooShort at octet 20`, safe to log.
    public var description: String {
        var text = context.map { "\($0): \(code.rawValue)" } ?? code.rawValue
        if let offset { text += " at octet \(offset)" }
        return text
    }

    /// Equal when the codes are.
    public static func == (left: RADIUSError, right: RADIUSError) -> Bool { left.code == right.code }

    /// Follows equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
