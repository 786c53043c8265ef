internal import Crypto

/// The key of one segment: 32 random octets from which the key of its parts and its commitment are derived.
public struct DataKey: Sendable {
    let octets: [UInt8]

    init?(_ octets: [UInt8]) {
        guard octets.count == DataKey.length else { return nil }
        self.octets = octets
    }

    static let length = 32

    static func fresh() -> DataKey { DataKey(unchecked: random(length)) }

    private init(unchecked octets: [UInt8]) { self.octets = octets }

    static func random(_ count: Int) -> [UInt8] {
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { [UInt8]($0) }
    }

    /// HKDF-SHA-256 (RFC 5869) with the segment's id as salt.
    private func derive(_ purpose: String, _ segment: SegmentID) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: octets), salt: segment.octets,
            info: [UInt8]("socle-segment-1 \(purpose)".utf8), outputByteCount: 32)
    }

    func partKey(_ segment: SegmentID) -> SymmetricKey { derive("parts", segment) }

    /// What the header holds so that all recipients get one and the same key, and a wrong one is known as such.
    func commitment(_ segment: SegmentID) -> Digest? {
        derive("commitment", segment).withUnsafeBytes { Digest($0) }
    }
}
