/// A device's hardware address, 48 bits.
public struct MACAddress: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// The address in the low 48 bits.
    public let value: UInt64

    /// Keeps the low 48 bits.
    @inlinable public init(value: UInt64) { self.value = value & 0xffff_ffff_ffff }

    /// The bit that says the address was made up by the device or its software: such an address is probably random
    /// (IEEE 802-2014 §8.4).
    @inlinable public var isLocallyAdministered: Bool { value >> 41 & 1 == 1 }

    /// `02:00:5e:00:00:01`.
    public var description: String {
        (0..<6).map { index in
            let octet = value >> UInt64(40 - 8 * index) & 0xff
            return (octet < 16 ? "0" : "") + String(octet, radix: 16)
        }.joined(separator: ":")
    }
}
