internal import Crypto

/// The public half of an auditor's or officer's key: what a segment's data key is wrapped to.
public struct RecipientKey: Sendable, Equatable {
    /// What its holder may do.
    public let role: KeyRole
    /// A name for people: `officer-1`. At most 255 octets, no control characters.
    public let name: String
    /// Counts from 1 with each renewal.
    public let generation: UInt32
    let key: Curve25519.KeyAgreement.PublicKey

    /// From the 32 octets of an X25519 public key (RFC 7748).
    public init(role: KeyRole, name: String, generation: UInt32, publicKey: [UInt8]) throws(EvidenceError) {
        do { key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: publicKey) } catch {
            throw EvidenceError(.keyFileMalformed, in: "public key")
        }
        (self.role, self.name, self.generation) = (role, name, generation)
    }

    init(role: KeyRole, name: String, generation: UInt32, key: Curve25519.KeyAgreement.PublicKey) {
        (self.role, self.name, self.generation, self.key) = (role, name, generation, key)
    }

    /// The 32 octets of the X25519 public key.
    public var publicKey: [UInt8] { [UInt8](key.rawRepresentation) }

    /// The first 8 octets of SHA-256 over `socle key x25519`, a line feed and the public key.
    public var id: KeyID {
        KeyID(Digest.of([UInt8]("socle key x25519\n".utf8)[...], publicKey[...]).octets.prefix(8))
    }

    /// Equal when role, name, generation and key are.
    public static func == (left: RecipientKey, right: RecipientKey) -> Bool {
        left.role == right.role && left.name == right.name && left.generation == right.generation
            && left.publicKey == right.publicKey
    }
}

/// Eight octets that name a public key.
public struct KeyID: Hashable, Sendable, CustomStringConvertible {
    /// The octets; always 8.
    public let octets: [UInt8]
    init(_ octets: some Sequence<UInt8>) { self.octets = [UInt8](octets) }
    /// 16 lower-case hexadecimal digits.
    public var description: String { Hexadecimal.text(octets) }
}
