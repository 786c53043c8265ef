import Foundation
import OpenSSL

/// What a ChilliSpot-style gateway (CoovaChilli) puts in the address it redirects a visitor to.
struct UAMRequest: Sendable, Equatable {
    /// The gateway's `res` parameter.
    enum Outcome: String, Sendable, CaseIterable {
        case notyet, failed, success, already, logoff, timeout
        case popup1, popup2, popup3
    }

    /// Octets of a challenge: CoovaChilli's is one MD5 long.
    static let challengeOctets = 16

    let outcome: Outcome
    /// Address or name of the gateway, as the visitor's device reaches it.
    let host: String
    /// Port of the gateway's own web server.
    let port: UInt16
    /// 16 octets; nil where the outcome needs none.
    let challenge: [UInt8]?
    let mac: String?
    let address: String?
    let nasIdentifier: String?
    let originalURL: String?
    /// Reply-Message of an Access-Reject.
    let reply: String?
    /// The login that is in, where one is.
    let username: String?

    /// Reads the gateway's parameters; nil when the query carries none (no `uamip`).
    ///
    /// Throws `.gatewayRefused` for an unknown `res`, an impossible host or port, or a challenge that is missing where
    /// there is something to log in to, not hexadecimal or not 16 octets.
    init?(_ fields: Fields) throws(PortalError) {
        guard let host = fields["uamip"] else { return nil }
        guard let outcome = Outcome(rawValue: fields["res"] ?? "notyet") else {
            throw PortalError(.gatewayRefused, "unknown res")
        }
        guard GatewayHost.isPlausible(host) else { throw PortalError(.gatewayRefused, "uamip is no host") }
        guard let port = UInt16(fields["uamport"] ?? "3990"), port > 0 else {
            throw PortalError(.gatewayRefused, "uamport out of range")
        }
        self.challenge = try Self.challenge(fields["challenge"], outcome: outcome)
        (self.outcome, self.host, self.port) = (outcome, host, port)
        mac = fields.filled("mac")
        address = fields.filled("ip")
        nasIdentifier = fields.filled("nasid")
        originalURL = fields.filled("userurl")
        reply = fields.filled("reply")
        username = fields.filled("uid")
    }

    private static func challenge(_ text: String?, outcome: Outcome) throws(PortalError) -> [UInt8]? {
        guard let text else {
            switch outcome {
            case .notyet, .failed: throw PortalError(.gatewayRefused, "no challenge")
            case .success, .already, .logoff, .timeout, .popup1, .popup2, .popup3: return nil
            }
        }
        guard let octets = Hex.decode(text), octets.count == challengeOctets else {
            throw PortalError(.gatewayRefused, "the challenge is not 16 octets of hexadecimal")
        }
        return octets
    }

    /// Whether `md`, the last parameter of `target`, is the upper-case MD5 of everything before it and the UAM secret.
    ///
    /// - Parameters:
    ///   - origins: what may stand before the target in the gateway's configuration, `http://host:port`.
    ///   - target: path and query exactly as the browser sent them.
    static func isSigned(origins: [String], target: String, secret: [UInt8]) -> Bool {
        guard let mark = target.range(of: "&md=", options: .backwards) else { return false }
        let given = Array(target[mark.upperBound...].uppercased().utf8)
        let signed = Array(target[..<mark.lowerBound].utf8)
        return origins.contains { origin in
            let digest = Digest.md5(Array(origin.utf8) + signed + secret)
            return constantTimeEqual(Array(Hex.encode(digest).uppercased().utf8), given)
        }
    }
}
