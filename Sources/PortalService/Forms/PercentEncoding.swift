/// Percent encoding of one query value or path segment (RFC 3986 §2.1): everything but unreserved characters.
enum PercentEncoding {
    /// The encoded form of `text`; safe between any two delimiters of a URL.
    static func encode(_ text: some StringProtocol) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for octet in text.utf8 {
            switch octet {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
                encoded.append(octet)
            default:
                encoded += [0x25, digits[Int(octet >> 4)], digits[Int(octet & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// `name=value&name=value`, each value encoded.
    static func query(_ fields: [(name: String, value: String)]) -> String {
        fields.map { "\($0.name)=\(encode($0.value))" }.joined(separator: "&")
    }
}
