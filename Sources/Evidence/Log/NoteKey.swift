internal import Crypto

/// What a signature on a note says (C2SP signed-note, tlog-cosignature).
public enum NoteKeyKind: UInt8, Sendable {
    /// Ed25519 over the note's text: a log's own signature.
    case log = 1
    /// Ed25519 over a time and the note's text: a witness's.
    case cosigner = 4
}

/// A public key that verifies notes, and its text form, the *vkey*.
public struct NoteVerifier: Sendable, Equatable, CustomStringConvertible {
    /// The key's name: a URL without scheme.
    public let name: String
    /// Whose key.
    public let kind: NoteKeyKind
    /// The 32 octets of the Ed25519 public key.
    public let publicKey: [UInt8]

    static let structure = "verifier key"

    /// Refuses a name that notes cannot hold, or a key that is not 32 octets.
    public init(name: String, kind: NoteKeyKind, publicKey: [UInt8]) throws(EvidenceError) {
        guard NoteVerifier.accepts(name: name), publicKey.count == 32 else {
            throw EvidenceError(.malformed, in: NoteVerifier.structure)
        }
        (self.name, self.kind, self.publicKey) = (name, kind, publicKey)
    }

    /// Reads a vkey: name, key id and key, with plus signs between.
    public init(_ text: String) throws(EvidenceError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let id = Hexadecimal.octets(parts[1]), let key = Base64.octets(parts[2]),
            let kind = key.first.flatMap(NoteKeyKind.init)
        else { throw EvidenceError(.malformed, in: NoteVerifier.structure) }
        try self.init(name: String(parts[0]), kind: kind, publicKey: Array(key.dropFirst()))
        guard id == self.id else { throw EvidenceError(.malformed, in: NoteVerifier.structure) }
    }

    static func accepts(name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255
            && !name.unicodeScalars.contains {
                $0.properties.isWhitespace || $0 == "+" || $0.value < 32 || $0.value == 127
            }
    }

    /// The four octets that name the key beside its name.
    public var id: [UInt8] {
        Array(Digest.of([UInt8](name.utf8)[...], [10, kind.rawValue], publicKey[...]).octets.prefix(4))
    }

    /// The vkey.
    public var description: String {
        "\(name)+\(Hexadecimal.text(id))+\(Base64.text([kind.rawValue] + publicKey))"
    }

    func verifies(_ signature: some Collection<UInt8>, of message: [UInt8]) -> Bool {
        guard signature.count == 64, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
            return false
        }
        return key.isValidSignature([UInt8](signature), for: message)
    }
}

/// A private key that signs notes, and its text form, which Go's `note` package reads for a log's key.
public struct NoteSigner: Sendable {
    /// The public half.
    public let verifier: NoteVerifier
    private let key: Curve25519.Signing.PrivateKey

    private static let prefix = "PRIVATE+KEY+"

    /// A fresh key.
    public init(generating kind: NoteKeyKind, name: String) throws(EvidenceError) {
        key = Curve25519.Signing.PrivateKey()
        verifier = try NoteVerifier(name: name, kind: kind, publicKey: [UInt8](key.publicKey.rawRepresentation))
    }

    /// Reads ``text``.
    public init(_ text: String) throws(EvidenceError) {
        let fault = EvidenceError(.keyFileMalformed, in: "signer key")
        guard text.hasPrefix(NoteSigner.prefix) else { throw fault }
        let parts = text.dropFirst(NoteSigner.prefix.count)
            .split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let octets = Base64.octets(parts[2]), let kind = octets.first.flatMap(NoteKeyKind.init),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: Array(octets.dropFirst()))
        else { throw fault }
        self.key = key
        verifier = try NoteVerifier(
            name: String(parts[0]), kind: kind, publicKey: [UInt8](key.publicKey.rawRepresentation))
        guard Hexadecimal.text(verifier.id) == parts[1] else { throw fault }
    }

    /// `PRIVATE+KEY+name+id+key`. Secret.
    public var text: String {
        let octets = [verifier.kind.rawValue] + [UInt8](key.rawRepresentation)
        return "\(NoteSigner.prefix)\(verifier.name)+\(Hexadecimal.text(verifier.id))+\(Base64.text(octets))"
    }

    func sign(_ message: [UInt8]) throws(EvidenceError) -> [UInt8] {
        do { return [UInt8](try key.signature(for: message)) } catch {
            throw EvidenceError(.cryptography, in: "signature")
        }
    }
}
