internal import OpenSSL

/// The text of an MS-CHAPv2 failure (RFC 2759 §6): `E=691 R=0 C=<32 digits> V=3 M=<message>`.
public struct MSCHAPv2Failure: Hashable, Sendable {
    /// Why: 691 is a wrong name or password, 647 an account disabled, 649 no dial-in permission.
    public let error: Int
    /// Whether the peer may try again on the new challenge.
    public let mayRetry: Bool
    /// 16 octets for that.
    public let challenge: [UInt8]
    /// For the person; empty for none.
    public let message: String

    /// A failure.
    public init(error: Int, mayRetry: Bool, challenge: [UInt8], message: String) {
        (self.error, self.mayRetry, self.challenge, self.message) = (error, mayRetry, challenge, message)
    }

    /// Wrong name or password, without another try.
    public static let authenticationFailure = 691

    /// The text.
    public var text: String {
        var fields = ["E=\(error)", "R=\(mayRetry ? 1 : 0)", "C=\(Hex.encode(challenge).uppercased())", "V=3"]
        if !message.isEmpty { fields.append("M=\(message)") }
        return fields.joined(separator: " ")
    }

    /// Reads a text; nil without `E=` and a number. A peer uses it.
    public init?(text: String) {
        var fields: [Substring: Substring] = [:]
        let parts = text.split(separator: "M=", maxSplits: 1, omittingEmptySubsequences: false)
        for field in (parts.first ?? "").split(separator: " ") {
            let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { fields[pair[0]] = pair[1] }
        }
        guard let error = fields["E"].flatMap({ Int($0) }) else { return nil }
        self.init(
            error: error, mayRetry: fields["R"] == "1", challenge: fields["C"].flatMap { Hex.decode($0) } ?? [],
            message: parts.count > 1 ? String(parts[1]) : "")
    }
}
