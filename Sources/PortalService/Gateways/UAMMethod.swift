/// How a one-time password reaches a UAM gateway through the visitor's browser.
public enum UAMMethod: String, Sendable, Codable, CaseIterable {
    /// The MD5 of the password and the challenge; the gateway sends CHAP-Password.
    case chap
    /// The password XORed with the challenge; the gateway sends User-Password.
    case pap
}
