internal import OpenSSL

/// The credential that a set of AVPs makes (RFC 5281 §11.2.2 to §11.2.5).
struct TTLSCredential {
    let user: String
    let inner: InnerCredential

    /// Reads it. `challenge` is the tunnel's 17 octets.
    ///
    /// Throws `.avpUnsupported` for a mandatory AVP that is none of these (§10.1), `.credentialsMalformed` for none or
    /// two credentials, a challenge of another tunnel, or a value of a wrong length.
    init(_ avps: [AVP], challenge: [UInt8]) throws(EAPError) {
        var values: [AVP.Code: [UInt8]] = [:]
        for avp in avps {
            guard Self.known.contains(avp.code) else {
                if avp.isMandatory { throw EAPError(.avpUnsupported) }
                continue
            }
            guard values.updateValue(avp.value, forKey: avp.code) == nil else { throw EAPError(.credentialsMalformed) }
        }
        guard let name = values[.userName] else { throw EAPError(.credentialsMalformed) }
        user = try EAPIdentity(decoding: name).text
        let proofs = [values[.userPassword], values[.chapPassword], values[.mschap2Response]]
        guard proofs.count(where: { $0 != nil }) == 1 else { throw EAPError(.credentialsMalformed) }
        if let password = values[.userPassword] {
            inner = .pap(user: user, password: try Self.password(password))
        } else if let proof = values[.chapPassword] {
            inner = try Self.chap(user, proof, sent: values[.chapChallenge], challenge)
        } else {
            inner = try Self.mschapv2(user, values[.mschap2Response], sent: values[.mschapChallenge], challenge)
        }
    }

    /// Attributes that are understood; NAS attributes that some peers add are not sent as mandatory.
    private static let known: Set<AVP.Code> = [
        .userName, .userPassword, .chapPassword, .chapChallenge, .mschapChallenge, .mschap2Response,
    ]

    /// The password without the NULs that hide its length (§11.2.5).
    private static func password(_ value: [UInt8]) throws(EAPError) -> [UInt8] {
        let end = value.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        let password = Array(value.prefix(end))
        guard (1...EAPLimits.maximumPassword).contains(password.count), !password.contains(0) else {
            throw EAPError(.credentialsMalformed)
        }
        return password
    }

    /// The challenge a peer sends must be the one the tunnel implies: else a proof could be carried in from elsewhere.
    private static func isImplied(
        _ sent: [UInt8]?, identifier: UInt8?, _ challenge: [UInt8]
    ) -> Bool {
        guard let sent, let identifier else { return false }
        return constantTimeEqual(sent + [identifier], challenge)
    }

    private static func chap(
        _ user: String, _ proof: [UInt8], sent: [UInt8]?, _ challenge: [UInt8]
    ) throws(EAPError) -> InnerCredential {
        guard proof.count == 17, isImplied(sent, identifier: proof.first, challenge) else {
            throw EAPError(.credentialsMalformed)
        }
        return .chap(
            user: user, identifier: proof[0], challenge: Array(challenge.prefix(16)), response: Array(proof.dropFirst())
        )
    }

    private static func mschapv2(
        _ user: String, _ proof: [UInt8]?, sent: [UInt8]?, _ challenge: [UInt8]
    ) throws(EAPError) -> InnerCredential {
        guard let proof, proof.count == 50, isImplied(sent, identifier: proof.first, challenge) else {
            throw EAPError(.credentialsMalformed)
        }
        // Ident, flags, peer challenge of 16, 8 reserved, response of 24 (RFC 2548 §2.3.2).
        return .mschapv2(
            try MSCHAPv2Exchange(
                user: user, authenticatorChallenge: Array(challenge.prefix(16)), peerChallenge: Array(proof[2..<18]),
                ntResponse: Array(proof[26..<50]), identifier: proof[0]))
    }
}
