import OpenSSL

/// A visitor's answer to a CHAP challenge (RFC 1994 §4.1), as a NAS forwards it (RFC 2865 §5.3).
///
/// It is a value that can be checked anywhere, off the packet thread too.
public struct CHAPResponse: Hashable, Sendable {
    /// Shortest challenge accepted in a CHAP-Challenge attribute (RFC 2865 §5.40).
    public static let minimumChallengeLength = 5

    /// The CHAP identifier, the first octet of the message that was hashed.
    public let identifier: UInt8
    /// MD5(identifier ‖ password ‖ challenge).
    public let response: Authenticator
    /// What the NAS challenged with.
    public let challenge: [UInt8]

    /// A response to check or to send.
    public init(identifier: UInt8, response: Authenticator, challenge: [UInt8]) {
        (self.identifier, self.response, self.challenge) = (identifier, response, challenge)
    }

    /// The response of someone who knows `password`.
    public init(identifier: UInt8, password: [UInt8], challenge: [UInt8]) {
        let digest = Digest.md5([identifier] + password + challenge)
        self.init(identifier: identifier, response: Authenticator(digest) ?? .zero, challenge: challenge)
    }

    /// The response in a request; nil when it has no CHAP-Password.
    ///
    /// The challenge is CHAP-Challenge or, without one, the Request Authenticator, which RADIUS/1.1 does not have
    /// (RFC 9765 §5.1.2). Throws `.chapPasswordLength` or `.chapChallengeLength`.
    public init?(_ request: PacketView) throws(RADIUSError) {
        guard let password = request.first(.chapPassword) else { return nil }
        let value = password.value
        guard value.count == 17, let response = Authenticator(UnsafeRawBufferPointer(rebasing: value.dropFirst()))
        else { throw RADIUSError(.chapPasswordLength) }
        guard let challenge = request.first(.chapChallenge) else {
            guard request.version == .radius10 else { throw RADIUSError(.chapChallengeLength) }
            self.init(identifier: value[0], response: response, challenge: request.authenticator.bytes)
            return
        }
        guard challenge.value.count >= Self.minimumChallengeLength else { throw RADIUSError(.chapChallengeLength) }
        self.init(identifier: value[0], response: response, challenge: challenge.octets)
    }

    /// Whether it was made with `password`, compared in constant time.
    public func matches(password: [UInt8]) -> Bool {
        let expected = CHAPResponse(identifier: identifier, password: password, challenge: challenge)
        return expected.response.withUnsafeBytes { response.matches($0) }
    }
}
