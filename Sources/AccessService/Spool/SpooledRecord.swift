internal import Foundation

/// An accounting request as the spool keeps it: the packet as it came, verified, and what is needed to store it later even
/// if the NAS has been removed meanwhile.
struct SpooledRecord: Sendable, Hashable {
    private static let version: UInt8 = 1
    private static let headerBytes = 34

    var organisation: Int64
    var site: Int64
    var nas: Int64
    /// Whether the vendor swaps input and output octets.
    var swapsOctets: Bool
    /// When it reached us, to the microsecond.
    var receivedAt: Date
    var packet: [UInt8]

    init(organisation: Int64, site: Int64, nas: Int64, swapsOctets: Bool, receivedAt: Date, packet: [UInt8]) {
        (self.organisation, self.site, self.nas) = (organisation, site, nas)
        (self.swapsOctets, self.receivedAt, self.packet) = (swapsOctets, receivedAt, packet)
    }

    /// version, flags, organisation, site, NAS, microseconds since 1970 (all big-endian), packet.
    var encoded: [UInt8] {
        var bytes: [UInt8] = [Self.version, swapsOctets ? 1 : 0]
        let micros = Int64(max(-9e18, min(9e18, (receivedAt.timeIntervalSince1970 * 1_000_000).rounded())))
        for value in [organisation, site, nas, micros] {
            withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes + packet
    }

    /// nil: of another version, or too short.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > Self.headerBytes, bytes[0] == Self.version else { return nil }
        let values = (0..<4).map { index in
            bytes[(2 + index * 8)..<(10 + index * 8)].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
        self.init(
            organisation: values[0], site: values[1], nas: values[2], swapsOctets: bytes[1] & 1 == 1,
            receivedAt: Date(timeIntervalSince1970: Double(values[3]) / 1_000_000),
            packet: Array(bytes[Self.headerBytes...]))
    }
}
