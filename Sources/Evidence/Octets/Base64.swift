internal import FoundationEssentials

/// Base 64 of RFC 4648 §4, with nothing left to taste: one text for each octet string.
enum Base64 {
    static func text(_ octets: some Sequence<UInt8>) -> String { Data(octets).base64EncodedString() }

    static func octets(_ text: some StringProtocol) -> [UInt8]? {
        guard let data = Data(base64Encoded: String(text)), data.base64EncodedString() == text else { return nil }
        return [UInt8](data)
    }
}
