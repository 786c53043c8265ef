internal import Crypto
internal import FoundationEssentials

/// What a wrapped key is bound to: it opens for this segment and no other.
struct KeyContext {
    let segment: SegmentID
    let kind: UInt16
    let period: Range<Int64>
    let recordClass: String
    let tenant: String
    let commitment: Digest

    /// The `info` of HPKE.
    func info(role: KeyRole, pair: UInt8) throws(EvidenceError) -> [UInt8] {
        var info = [UInt8]("socle-segment-1 key\n".utf8)
        info += segment.octets
        info.put(kind)
        info.put(period.lowerBound)
        info.put(period.upperBound)
        try info.put(text: recordClass, "class")
        try info.put(text: tenant, "tenant")
        info.append(role.code)
        info.append(pair)
        return info
    }
}

extension KeyRole {
    var code: UInt8 { self == .auditor ? 1 : 2 }
    init?(code: UInt8) {
        switch code {
        case 1: self = .auditor
        case 2: self = .officer
        default: return nil
        }
    }
}

/// A data key for the auditor, or one officer's share of it, sealed by HPKE (RFC 9180, base mode: DHKEM(X25519,
/// HKDF-SHA256), HKDF-SHA256, AES-256-GCM).
public struct WrappedKey: Sendable, Equatable {
    /// Whose it is.
    public let role: KeyRole
    /// Which pair of officers the share belongs to: 1 to 3; 0 for the auditor.
    public let pair: UInt8
    /// The generation of the recipient's key.
    public let generation: UInt32
    /// The recipient's key.
    public let keyID: KeyID
    /// The recipient's name.
    public let name: String
    let encapsulated: [UInt8]
    let ciphertext: [UInt8]

    static let encapsulatedLength = 32
    static let ciphertextLength = DataKey.length + 16
    private static let suite = HPKE.Ciphersuite(
        kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)

    init(_ secret: [UInt8], to recipient: RecipientKey, pair: UInt8, _ context: KeyContext) throws(EvidenceError) {
        let info = try context.info(role: recipient.role, pair: pair)
        do {
            var sender = try HPKE.Sender(
                recipientKey: recipient.key, ciphersuite: WrappedKey.suite, info: Data(info))
            ciphertext = [UInt8](try sender.seal(secret, authenticating: context.commitment.octets))
            encapsulated = [UInt8](sender.encapsulatedKey)
        } catch { throw EvidenceError(.cryptography, in: "wrapped key") }
        (role, self.pair, generation) = (recipient.role, pair, recipient.generation)
        (keyID, name) = (recipient.id, recipient.name)
    }

    func open(_ key: ArchiveKey, _ context: KeyContext) throws(EvidenceError) -> [UInt8] {
        let info = try context.info(role: role, pair: pair)
        do {
            var recipient = try HPKE.Recipient(
                privateKey: key.key, ciphersuite: WrappedKey.suite, info: Data(info),
                encapsulatedKey: Data(encapsulated))
            return [UInt8](try recipient.open(ciphertext, authenticating: context.commitment.octets))
        } catch { throw EvidenceError(.authenticationFailed, in: "wrapped key of \(name)") }
    }

    // In the header: role, pair, generation, key id, name, encapsulated key, ciphertext.

    init(_ reader: inout ByteReader) throws(EvidenceError) {
        let place = reader.fault(.malformed)
        guard let role = KeyRole(code: try reader.u8()) else { throw place }
        self.role = role
        pair = try reader.u8()
        guard role == .auditor ? pair == 0 : (1...3).contains(pair) else { throw place }
        generation = try reader.u32()
        keyID = KeyID(try reader.take(8))
        name = try reader.text()
        encapsulated = [UInt8](try reader.take(WrappedKey.encapsulatedLength))
        ciphertext = [UInt8](try reader.take(WrappedKey.ciphertextLength))
    }

    func write(to octets: inout [UInt8]) throws(EvidenceError) {
        octets.append(role.code)
        octets.append(pair)
        octets.put(generation)
        octets += keyID.octets
        try octets.put(text: name, "wrapped key")
        octets += encapsulated
        octets += ciphertext
    }
}
