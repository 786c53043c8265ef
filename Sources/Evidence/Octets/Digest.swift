internal import Crypto

/// 32 octets of SHA-256.
public struct Digest: Hashable, Sendable, CustomStringConvertible {
    /// The octets; always 32.
    public let octets: [UInt8]

    /// Takes exactly 32 octets.
    public init?(_ octets: some Sequence<UInt8>) {
        self.octets = [UInt8](octets)
        guard self.octets.count == Digest.length else { return nil }
    }

    private init(_ digest: SHA256.Digest) { octets = [UInt8](digest) }

    /// Octets of a digest.
    public static let length = 32

    /// SHA-256 of the parts, one after another.
    static func of(_ parts: ArraySlice<UInt8>...) -> Digest {
        var hash = SHA256()
        for part in parts { part.withUnsafeBytes { hash.update(bufferPointer: $0) } }
        return Digest(hash.finalize())
    }

    static func of(_ octets: UnsafeRawBufferPointer) -> Digest {
        var hash = SHA256()
        hash.update(bufferPointer: octets)
        return Digest(hash.finalize())
    }

    /// SHA-256 of these octets.
    public init(of octets: [UInt8]) { self = Digest.of(octets[...]) }

    /// 64 lower-case hexadecimal digits.
    public var description: String { Hexadecimal.text(octets) }
}
