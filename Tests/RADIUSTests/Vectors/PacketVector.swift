import OpenSSL
import RADIUS
import Testing

/// One case of `packets.vectors`.
struct PacketVector: Sendable, CustomTestStringConvertible {
    var name = ""
    var secret: [UInt8] = []
    var version = ProtocolVersion.radius10
    var request: [UInt8]?
    var packet: [UInt8] = []
    var reads: [String] = []
    var proof: String?
    var password: String?
    var chap: String?
    var refused: String?
    var forged: String?
    /// What readers find: the keyword of ``PacketReading`` and the text.
    var claims: [(reading: PacketReading, text: String)] = []
    /// Lines that are no part of the format.
    var faults: [String] = []

    var testDescription: String { name }

    static let all: [PacketVector] = read(ProjectFiles.vectors("packets"))

    private static func read(_ lines: [String]) -> [PacketVector] {
        var vectors: [PacketVector] = []
        var current = PacketVector()
        for line in joined(lines) where !line.hasPrefix("#") {
            if line.isEmpty {
                if !current.name.isEmpty { vectors.append(current) }
                current = PacketVector()
            } else {
                current.take(line)
            }
        }
        if !current.name.isEmpty { vectors.append(current) }
        return vectors
    }

    /// A line that begins with a space continues the one before.
    private static func joined(_ lines: [String]) -> [String] {
        lines.reduce(into: []) { joined, line in
            if line.hasPrefix(" "), let last = joined.indices.last {
                joined[last] += line.drop { $0 == " " }
            } else {
                joined.append(line)
            }
        }
    }

    private mutating func take(_ line: String) {
        let keyword = line.prefix { $0 != " " }
        let text = String(line.dropFirst(keyword.count + 1))
        switch keyword {
        case "case": name = text
        case "secret": secret = Array(text.utf8)
        case "version":
            guard let known = ProtocolVersion(rawValue: text) else { return faults.append(line) }
            version = known
        case "request": request = octets(text)
        case "packet": packet = octets(text)
        case "reads": reads.append(text)
        case "proof": proof = text
        case "password": password = text
        case "chap": chap = text
        case "refused": refused = text
        case "forged": forged = text
        default:
            guard let reading = PacketReading(rawValue: String(keyword)) else { return faults.append(line) }
            claims.append((reading, text))
        }
    }

    private mutating func octets(_ text: String) -> [UInt8] {
        if let octets = Hex.decode(text) { return octets }
        faults.append(text)
        return []
    }
}
