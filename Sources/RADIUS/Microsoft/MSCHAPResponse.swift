/// A visitor's answer to an MS-CHAP challenge, as a NAS forwards it. Whether it is right is decided elsewhere: that takes
/// DES and MD4.
public enum MSCHAPResponse: Hashable, Sendable {
    /// MS-CHAP (RFC 2433): a challenge of 8 octets, the NT response of 24. The LM response is not read.
    case version1(identifier: UInt8, challenge: [UInt8], response: [UInt8])
    /// MS-CHAPv2 (RFC 2759): both challenges of 16 octets, the NT response of 24.
    case version2(identifier: UInt8, challenge: [UInt8], peerChallenge: [UInt8], response: [UInt8])

    /// Octets of both attributes: identifier, flags, 24 or 16 + 8 octets, and the response of 24.
    static let length = 50

    /// The response in an Access-Request; nil when there is none. Version 2 is preferred.
    ///
    /// Throws `.msCHAPResponseLength` or `.msCHAPChallengeLength`, and the first of them when a version 1 response has no NT
    /// response (RFC 2548 §2.1.3: flag 1), which nobody should accept any more.
    public init?(_ request: PacketView) throws(RADIUSError) {
        let challenge = request.first(.msCHAPChallenge)?.octets ?? []
        if let value = request.first(.msCHAP2Response)?.octets {
            guard value.count == Self.length else { throw RADIUSError(.msCHAPResponseLength) }
            guard challenge.count == 16 else { throw RADIUSError(.msCHAPChallengeLength) }
            self = .version2(
                identifier: value[0], challenge: challenge, peerChallenge: Array(value[2..<18]),
                response: Array(value[26..<50]))
            return
        }
        guard let value = request.first(.msCHAPResponse)?.octets else { return nil }
        guard value.count == Self.length, value[1] == 1 else { throw RADIUSError(.msCHAPResponseLength) }
        guard challenge.count == 8 else { throw RADIUSError(.msCHAPChallengeLength) }
        self = .version1(identifier: value[0], challenge: challenge, response: Array(value[26..<50]))
    }

    /// MS-CHAP-Challenge and the response, for an Access-Request; none when a part has a wrong length.
    public var attributes: [Attribute] {
        let (type, challenge, value): (MicrosoftAttribute, [UInt8], [UInt8]) =
            switch self {
            case .version1(let identifier, let challenge, let response):
                (.msCHAPResponse, challenge, [identifier, 1] + [UInt8](repeating: 0, count: 24) + response)
            case .version2(let identifier, let challenge, let peerChallenge, let response):
                (
                    .msCHAP2Response, challenge,
                    [identifier, 0] + peerChallenge + [UInt8](repeating: 0, count: 8) + response
                )
            }
        guard value.count == Self.length else { return [] }
        return [
            Attribute(vendor: MicrosoftAttribute.vendor, type: MicrosoftAttribute.msCHAPChallenge.rawValue, challenge),
            Attribute(vendor: MicrosoftAttribute.vendor, type: type.rawValue, value),
        ]
    }
}
