import OpenSSL

/// The address of a UAM gateway's own web server that logs a visitor in, or out.
struct UAMReply: Sendable {
    let host: String
    let port: UInt16

    /// The `logon` address for one credential.
    ///
    /// - Parameters:
    ///   - challenge: the 16 octets of the redirection.
    ///   - secret: the UAM secret the challenge is salted with; empty for none.
    func logon(
        username: String, password: String, challenge: [UInt8], secret: [UInt8], method: UAMMethod
    ) -> String {
        let salted = Self.salted(challenge, secret: secret)
        let answer: (name: String, value: String)
        switch method {
        case .chap: answer = ("response", Hex.encode(Self.response(password: password, challenge: salted)))
        case .pap: answer = ("password", Hex.encode(Self.hidden(password: password, challenge: salted)))
        }
        return "\(origin)/logon?\(PercentEncoding.query([("username", username), answer]))"
    }

    /// The address that ends the visitor's session.
    var logoff: String { "\(origin)/logoff" }

    /// `http://host:port`, an IPv6 address in brackets.
    var origin: String { "http://\(GatewayHost.authority(host, port: port))" }

    /// The challenge as both sides use it: as it is, or its MD5 with the secret.
    static func salted(_ challenge: [UInt8], secret: [UInt8]) -> [UInt8] {
        secret.isEmpty ? challenge : Digest.md5(challenge + secret)
    }

    /// The CHAP response (RFC 1994 §4.1) with identifier 0.
    static func response(password: String, challenge: [UInt8]) -> [UInt8] {
        Digest.md5([0] + Array(password.utf8) + challenge)
    }

    /// The password XORed with the challenge, over and over; a shorter one is padded with zeros to one challenge.
    ///
    /// Zeros beyond the first would show the very octets that the letters before are hidden under.
    static func hidden(password: String, challenge: [UInt8]) -> [UInt8] {
        guard !challenge.isEmpty else { return [] }
        var octets = Array(password.utf8)
        while octets.count < challenge.count { octets.append(0) }
        return octets.enumerated().map { $0.element ^ challenge[$0.offset % challenge.count] }
    }
}
