import COpenSSL

/// Whether both hold the same octets, in a time that depends on their lengths alone.
///
/// Lengths are not secret: unequal ones answer at once.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.withUnsafeBytes { left in right.withUnsafeBytes { right in constantTimeEqual(left, right) } }
}

/// Whether both hold the same octets, in a time that depends on their lengths alone.
public func constantTimeEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    guard left.count == right.count else { return false }
    guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return left.isEmpty }
    return CRYPTO_memcmp(leftBase, rightBase, left.count) == 0
}
