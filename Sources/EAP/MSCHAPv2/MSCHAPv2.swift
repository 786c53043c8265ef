internal import OpenSSL

/// One MS-CHAPv2 exchange (RFC 2759): who, the two challenges, and the response that proves the password.
public struct MSCHAPv2Exchange: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The name as the peer sent it. A Windows domain before a backslash takes no part in the computation (§4).
    public let user: String
    /// 16 octets, the server's.
    public let authenticatorChallenge: [UInt8]
    /// 16 octets, the peer's.
    public let peerChallenge: [UInt8]
    /// 24 octets.
    public let ntResponse: [UInt8]
    /// The Ident of the response.
    public let identifier: UInt8

    /// An exchange; `.mschapMalformed` when a length is not the one above.
    public init(
        user: String, authenticatorChallenge: [UInt8], peerChallenge: [UInt8], ntResponse: [UInt8], identifier: UInt8
    ) throws(EAPError) {
        guard authenticatorChallenge.count == 16, peerChallenge.count == 16, ntResponse.count == 24 else {
            throw EAPError(.mschapMalformed)
        }
        (self.user, self.identifier) = (user, identifier)
        (self.authenticatorChallenge, self.peerChallenge) = (authenticatorChallenge, peerChallenge)
        self.ntResponse = ntResponse
    }

    /// Names nobody.
    public var description: String { "MSCHAPv2Exchange(redacted)" }
    /// Empty: who has the exchange can guess the password at leisure.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Whether the response was made with the password of `hash`; takes a time that does not depend on the answer.
    public func isProven(by hash: NTHash) throws(EAPError) -> Bool {
        let challenge = try MSCHAPv2.challengeHash(
            peer: peerChallenge, authenticator: authenticatorChallenge, user: user)
        return constantTimeEqual(try MSCHAPv2.challengeResponse(challenge: challenge, hash: hash.octets), ntResponse)
    }

    /// `S=` and 40 hexadecimal digits: the server's proof to the peer (§8.7).
    public func authenticatorResponse(_ hash: NTHash) throws(EAPError) -> String {
        let challenge = try MSCHAPv2.challengeHash(
            peer: peerChallenge, authenticator: authenticatorChallenge, user: user)
        return try MSCHAPv2.authenticatorResponse(
            hashHash: hash.hashed(), ntResponse: ntResponse, challenge: challenge)
    }
}

/// The functions of RFC 2759 §8. Password change (§8.9 to §8.13) is not offered.
public enum MSCHAPv2 {
    /// `GenerateNTResponse` (§8.1): 24 octets.
    public static func ntResponse(
        authenticatorChallenge: [UInt8], peerChallenge: [UInt8], user: String, hash: NTHash
    ) throws(EAPError) -> [UInt8] {
        let challenge = try challengeHash(peer: peerChallenge, authenticator: authenticatorChallenge, user: user)
        return try challengeResponse(challenge: challenge, hash: hash.octets)
    }

    /// `ChallengeHash` (§8.2): 8 octets. The domain and the backslash after it are left out of `user` (§4).
    public static func challengeHash(
        peer: [UInt8], authenticator: [UInt8], user: String
    ) throws(EAPError) -> [UInt8] {
        let name = user.firstIndex(of: "\\").map { user[user.index(after: $0)...] } ?? user[...]
        return Array(try Crypto.sha1(peer + authenticator + Array(name.utf8)).prefix(8))
    }

    /// `ChallengeResponse` (§8.5): the challenge under three DES keys cut from the hash.
    static func challengeResponse(challenge: [UInt8], hash: [UInt8]) throws(EAPError) -> [UInt8] {
        let padded = hash + [UInt8](repeating: 0, count: 5)
        var response: [UInt8] = []
        for third in 0..<3 {
            response += try Crypto.des(key56: Array(padded.dropFirst(third * 7).prefix(7)), block: challenge)
        }
        return response
    }

    /// `GenerateAuthenticatorResponse` (§8.7) from the values it computes first.
    static func authenticatorResponse(
        hashHash: [UInt8], ntResponse: [UInt8], challenge: [UInt8]
    ) throws(EAPError) -> String {
        let first = try Crypto.sha1(hashHash + ntResponse + Array("Magic server to client signing constant".utf8))
        let second = try Crypto.sha1(first + challenge + Array("Pad to make it do more than one iteration".utf8))
        return "S=" + Hex.encode(second).uppercased()
    }
}
