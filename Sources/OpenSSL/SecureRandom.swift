import COpenSSL

/// Octets nobody can predict, from libcrypto's generator.
public enum SecureRandom {
    /// `count` random octets; none for a count below 1.
    ///
    /// Ends the process when the generator cannot be seeded: no credential may be made from less.
    public static func bytes(_ count: Int) -> [UInt8] {
        guard count > 0 else { return [] }
        var octets = [UInt8](repeating: 0, count: count)
        guard octets.withUnsafeMutableBytes(fill) else {
            preconditionFailure("libcrypto has no random octets: its generator could not be seeded")
        }
        return octets
    }

    /// Fills `buffer` with random octets; false when the generator cannot be seeded.
    public static func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
        guard let base = buffer.baseAddress, !buffer.isEmpty else { return buffer.isEmpty }
        guard let count = Int32(exactly: buffer.count) else { return false }
        return RAND_bytes(base.assumingMemoryBound(to: UInt8.self), count) == 1
    }
}
