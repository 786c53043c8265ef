import Glibc
import OpenSSL

/// The texts of values that are not plain numbers or plain text, in both directions. Nil stands for a value or text that is
/// not of the kind.
enum ValueText {
    // MARK: Numbers

    /// A number of nothing but digits: Swift's own readers take a sign as well.
    static func number<Number: FixedWidthInteger>(_ text: some StringProtocol, radix: Int = 10) -> Number? {
        guard text.utf8.first != UInt8(ascii: "+"), text.utf8.first != UInt8(ascii: "-") else { return nil }
        return Number(text, radix: radix)
    }

    /// A number in decimal or, after `0x`, in hexadecimal.
    static func unsigned(_ text: String) -> UInt64? {
        text.hasPrefix("0x") ? number(text.dropFirst(2), radix: 16) : number(text)
    }

    // MARK: Octets

    /// `0x` and pairs of digits, or else the UTF-8 of the text itself.
    static func octets(_ text: String) -> [UInt8]? {
        guard text.hasPrefix("0x") || text.hasPrefix("0X") else { return Array(text.utf8) }
        return Hex.decode(text.dropFirst(2))
    }

    static func octets(_ value: some Sequence<UInt8>) -> String { "0x" + Hex.encode(value) }

    // MARK: Addresses

    static func ipv4(_ text: String) -> [UInt8]? {
        var address = in_addr()
        guard inet_pton(AF_INET, text, &address) == 1 else { return nil }
        return withUnsafeBytes(of: address) { Array($0) }
    }

    static func ipv6(_ text: String) -> [UInt8]? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        return withUnsafeBytes(of: address) { Array($0) }
    }

    /// An address in its usual spelling (RFC 5952 for IPv6), of 4 or 16 octets.
    static func address(_ value: some Collection<UInt8>) -> String? {
        let octets = Array(value)
        guard octets.count == 4 || octets.count == 16 else { return nil }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = octets.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, octets, &text, socklen_t(text.count)) != nil else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// A reserved octet, the length in bits, and the octets that the length covers, with no bit set behind it
    /// (RFC 3162 §2.3).
    static func ipv6Prefix(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let bits: UInt8 = number(parts[1]), bits <= 128, let address = ipv6(String(parts[0]))
        else {
            return nil
        }
        guard isClear(address, behind: Int(bits)) else { return nil }
        return [0, bits] + address.prefix((Int(bits) + 7) / 8)
    }

    static func ipv6Prefix(_ value: some Collection<UInt8>) -> String? {
        let octets = Array(value)
        guard (2...18).contains(octets.count), octets[0] == 0, octets[1] <= 128 else { return nil }
        let bits = Int(octets[1])
        let address = octets.dropFirst(2) + [UInt8](repeating: 0, count: 18 - octets.count)
        guard octets.count - 2 >= (bits + 7) / 8, isClear(Array(address), behind: bits) else { return nil }
        return Self.address(address).map { "\($0)/\(bits)" }
    }

    /// A reserved octet, the length in bits, and all four octets, with no bit set behind the length (RFC 8044 §3.11).
    static func ipv4Prefix(_ text: String) -> [UInt8]? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let bits: UInt8 = number(parts[1]), bits <= 32, let address = ipv4(String(parts[0])),
            isClear(address, behind: Int(bits))
        else { return nil }
        return [0, bits] + address
    }

    static func ipv4Prefix(_ value: some Collection<UInt8>) -> String? {
        let octets = Array(value)
        // The two high bits of the length are reserved too.
        guard octets.count == 6, octets[0] == 0, octets[1] <= 32, isClear(Array(octets[2...]), behind: Int(octets[1]))
        else { return nil }
        return address(octets[2...]).map { "\($0)/\(octets[1])" }
    }

    private static func isClear(_ address: [UInt8], behind bits: Int) -> Bool {
        for (index, octet) in address.enumerated() {
            let covered = min(max(bits - index * 8, 0), 8)
            if UInt16(octet) << covered & 0xff != 0 { return false }
        }
        return true
    }

    static func interfaceID(_ text: String) -> [UInt8]? {
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        guard groups.count == 4 else { return nil }
        var octets: [UInt8] = []
        for group in groups {
            guard (1...4).contains(group.utf8.count), let value: UInt16 = number(group, radix: 16) else { return nil }
            octets += [UInt8(value >> 8), UInt8(value & 0xff)]
        }
        return octets
    }

    static func interfaceID(_ value: some Collection<UInt8>) -> String? {
        guard value.count == 8 else { return nil }
        let octets = Array(value)
        return (0..<4).map { Hex.encode(octets[$0 * 2...$0 * 2 + 1]) }.joined(separator: ":")
    }

    // MARK: Text

    /// Quoted, with `"`, `\` and every control character escaped, so that a hostile value cannot break out of a log line.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            default:
                let isControl = scalar.properties.generalCategory == .control
                let isFormat = scalar.properties.generalCategory == .format
                quoted += isControl || isFormat ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
            }
        }
        return quoted + "\""
    }

    /// What ``quoted(_:)`` made its text of; nil for anything else.
    static func unquoted(_ quoted: String) -> String? {
        guard quoted.count >= 2, quoted.first == "\"", quoted.last == "\"" else { return nil }
        var text = String.UnicodeScalarView()
        var rest = quoted.dropFirst().dropLast().unicodeScalars
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else {
                if scalar == "\"" { return nil }
                text.append(scalar)
                continue
            }
            switch rest.popFirst() {
            case "\""?: text.append("\"")
            case "\\"?: text.append("\\")
            case "u"?:
                guard rest.popFirst() == "{", let end = rest.firstIndex(of: "}"),
                    let value: UInt32 = number(String(rest[..<end]), radix: 16),
                    let escaped = Unicode.Scalar(value)
                else { return nil }
                text.append(escaped)
                rest = rest[rest.index(after: end)...]
            default: return nil
            }
        }
        return String(text)
    }
}
