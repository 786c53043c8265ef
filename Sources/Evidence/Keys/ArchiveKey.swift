internal import Crypto

/// An auditor's or officer's key: both halves. It never appears in a description.
public struct ArchiveKey: Sendable, CustomStringConvertible {
    /// The public half.
    public let recipient: RecipientKey
    let key: Curve25519.KeyAgreement.PrivateKey

    /// A fresh key.
    public init(generating role: KeyRole, name: String, generation: UInt32 = 1) {
        key = Curve25519.KeyAgreement.PrivateKey()
        recipient = RecipientKey(role: role, name: name, generation: generation, key: key.publicKey)
    }

    /// From the 32 octets of an X25519 private key.
    public init(role: KeyRole, name: String, generation: UInt32, privateKey: [UInt8]) throws(EvidenceError) {
        do { key = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: privateKey) } catch {
            throw EvidenceError(.keyFileMalformed, in: "private key")
        }
        recipient = RecipientKey(role: role, name: name, generation: generation, key: key.publicKey)
    }

    /// Role, name and key id.
    public var description: String { "\(recipient.role.rawValue) \(recipient.name) \(recipient.id)" }
}
