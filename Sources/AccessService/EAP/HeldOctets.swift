internal import Glibc

/// Octets at a fixed place for as long as this lives, overwritten at its end: a name or a password inside a tunnel.
///
/// `@unchecked Sendable`: the memory is written once, in `init`, and only read until `deinit`.
final class HeldOctets: @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer

    init(_ octets: some Collection<UInt8>) {
        memory = UnsafeMutableRawBufferPointer.allocate(byteCount: octets.count, alignment: 1)
        memory.copyBytes(from: octets)
    }

    deinit {
        if let base = memory.baseAddress { explicit_bzero(base, memory.count) }
        memory.deallocate()
    }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory) }
}
