internal import Crypto

/// Keys as text: one block between BEGIN and END, a label and a value on each line, and a checksum over the lines
/// before it, so that a key typed in or cut short is noticed before it is used.
public enum KeyFile {
    private static let publicLabel = "SOCLE PUBLIC KEY"
    private static let privateLabel = "SOCLE PRIVATE KEY"
    private static let structure = "key file"

    /// The text of a public half.
    public static func text(_ key: RecipientKey) -> String { text(publicLabel, key, key.publicKey) }

    /// The text of both halves. Secret.
    public static func text(_ key: ArchiveKey) -> String {
        text(privateLabel, key.recipient, [UInt8](key.key.rawRepresentation))
    }

    /// Reads a public half.
    public static func recipient(_ text: String) throws(EvidenceError) -> RecipientKey {
        let file = try fields(text, publicLabel)
        let key = try RecipientKey(role: file.role, name: file.name, generation: file.generation, publicKey: file.key)
        guard key.id.description == file.id else { throw EvidenceError(.keyFileMalformed, in: structure) }
        return key
    }

    /// Reads both halves.
    public static func key(_ text: String) throws(EvidenceError) -> ArchiveKey {
        let file = try fields(text, privateLabel)
        let key = try ArchiveKey(role: file.role, name: file.name, generation: file.generation, privateKey: file.key)
        guard key.recipient.id.description == file.id else { throw EvidenceError(.keyFileMalformed, in: structure) }
        return key
    }

    private static func text(_ label: String, _ key: RecipientKey, _ octets: [UInt8]) -> String {
        let lines = """
            role: \(key.role.rawValue)
            name: \(key.name)
            generation: \(key.generation)
            id: \(key.id)
            x25519: \(Base64.text(octets))

            """
        return "-----BEGIN \(label)-----\n\(lines)check: \(check(label, lines))\n-----END \(label)-----\n"
    }

    private static func check(_ label: String, _ lines: String) -> String {
        Hexadecimal.text(Digest(of: [UInt8]("\(label)\n\(lines)".utf8)).octets.prefix(8))
    }

    /// Without spaces and tabs around it.
    private static func trimmed(_ line: Substring) -> String {
        let isBlank = { (letter: Character) in letter == " " || letter == "\t" }
        let start = line.drop(while: isBlank)
        return start.lastIndex { !isBlank($0) }.map { String(start[...$0]) } ?? ""
    }

    private typealias Fields = (role: KeyRole, name: String, generation: UInt32, id: String, key: [UInt8])

    private static func fields(_ text: String, _ label: String) throws(EvidenceError) -> Fields {
        let fault = EvidenceError(.keyFileMalformed, in: structure)
        let lines = text.split(whereSeparator: \.isNewline).map(trimmed).filter { !$0.isEmpty }
        guard lines.count == 8, lines.first == "-----BEGIN \(label)-----", lines.last == "-----END \(label)-----" else {
            throw fault
        }
        var values: [String] = []
        for (line, name) in zip(lines.dropFirst(), ["role", "name", "generation", "id", "x25519", "check"]) {
            guard line.hasPrefix("\(name): ") else { throw fault }
            values.append(String(line.dropFirst(name.count + 2)))
        }
        let checked = lines[1...5].map { $0 + "\n" }.joined()
        guard values[5] == check(label, checked), let role = KeyRole(rawValue: values[0]),
            let generation = UInt32(values[2]), let octets = Base64.octets(values[4]), octets.count == 32
        else { throw fault }
        return (role, values[1], generation, values[3], octets)
    }
}
