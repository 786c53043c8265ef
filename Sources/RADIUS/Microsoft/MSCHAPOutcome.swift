import OpenSSL

/// What a server answers to MS-CHAPv2, behind the response's identifier (RFC 2548 §2.3.3, §2.1.5).
public enum MSCHAPOutcome: Hashable, Sendable {
    /// MS-CHAP2-Success: the authenticator response of 20 octets, which proves that the server knew the password too.
    case success(identifier: UInt8, authenticatorResponse: [UInt8])
    /// MS-CHAP-Error. `challenge`, of 16 octets, is for another attempt, if `mayRetry`.
    case failure(identifier: UInt8, MSCHAPFailure, mayRetry: Bool, challenge: [UInt8], message: String)

    /// The outcome in a reply; nil when it has none that can be read.
    public init?(_ reply: PacketView) {
        if let value = reply.first(.msCHAP2Success), let outcome = Self.success(value.octets) {
            self = outcome
        } else if let value = reply.first(.msCHAPError), let outcome = Self.failure(value.octets) {
            self = outcome
        } else {
            return nil
        }
    }

    private static func success(_ value: [UInt8]) -> MSCHAPOutcome? {
        guard value.count >= 43, value[1] == UInt8(ascii: "S"), value[2] == UInt8(ascii: "="),
            let digest = Hex.decode(String(decoding: value[3..<43], as: UTF8.self))
        else { return nil }
        return .success(identifier: value[0], authenticatorResponse: digest)
    }

    private static func failure(_ value: [UInt8]) -> MSCHAPOutcome? {
        guard let identifier = value.first, let text = String(validating: value.dropFirst(), as: UTF8.self) else {
            return nil
        }
        var fields: [Character: String] = [:]
        var rest = text[...]
        while let letter = rest.first, rest.dropFirst().first == "=" {
            // The message is the last field and may have spaces.
            let field = letter == "M" ? rest.dropFirst(2) : rest.dropFirst(2).prefix { $0 != " " }
            fields[letter] = String(field)
            rest = rest[field.endIndex...].drop { $0 == " " }
        }
        guard let code: UInt32 = fields["E"].flatMap({ ValueText.number($0) }) else { return nil }
        return .failure(
            identifier: identifier, MSCHAPFailure(rawValue: code), mayRetry: fields["R"] == "1",
            challenge: fields["C"].flatMap { Hex.decode($0) } ?? [], message: fields["M"] ?? "")
    }

    /// The attribute's type and value.
    var encoded: (MicrosoftAttribute, [UInt8]) {
        switch self {
        case .success(let identifier, let digest):
            return (.msCHAP2Success, [identifier] + Array("S=\(Hex.encode(digest).uppercased())".utf8))
        case .failure(let identifier, let reason, let mayRetry, let challenge, let message):
            let next = Hex.encode(challenge).uppercased()
            let text = "E=\(reason.rawValue) R=\(mayRetry ? 1 : 0) C=\(next) V=3 M=\(message)"
            return (.msCHAPError, [identifier] + Array(text.utf8))
        }
    }
}

/// The reasons of MS-CHAP-Error (RFC 2759 §6).
public struct MSCHAPFailure: RawRepresentable, Hashable, Sendable {
    /// The number in the text.
    public let rawValue: UInt32

    /// Any number is a reason, known or not.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Outside the permitted hours.
    public static let restrictedLogonHours = MSCHAPFailure(rawValue: 646)
    /// The account is closed.
    public static let accountDisabled = MSCHAPFailure(rawValue: 647)
    /// The password is too old.
    public static let passwordExpired = MSCHAPFailure(rawValue: 648)
    /// The account may not use this network.
    public static let noDialinPermission = MSCHAPFailure(rawValue: 649)
    /// Wrong name or password.
    public static let authenticationFailure = MSCHAPFailure(rawValue: 691)
    /// The password could not be changed.
    public static let changingPassword = MSCHAPFailure(rawValue: 709)
}

extension PacketWriter {
    /// Appends MS-CHAP2-Success or MS-CHAP-Error.
    public mutating func append(_ outcome: MSCHAPOutcome) {
        let (type, value) = outcome.encoded
        append(type, value)
    }
}
