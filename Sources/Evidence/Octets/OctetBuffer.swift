/// A growing buffer that hands out room to write in place. One owner, never shared.
final class OctetBuffer {
    private(set) var memory: UnsafeMutableRawPointer
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 64)
        memory = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit { memory.deallocate() }

    var octets: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

    func clear() { count = 0 }

    /// `length` octets at the end, which the caller fills at once; good until the next call.
    func extend(_ length: Int) -> UnsafeMutablePointer<UInt8> {
        let place = room(length)
        count += length
        return place
    }

    /// At least `length` octets after the end, of which ``advance(_:)`` then keeps some.
    func room(_ length: Int) -> UnsafeMutablePointer<UInt8> {
        if count + length > capacity { grow(count + length) }
        return (memory + count).assumingMemoryBound(to: UInt8.self)
    }

    func advance(_ length: Int) { count += length }

    func put<T: FixedWidthInteger>(_ value: T) {
        let place = UnsafeMutableRawPointer(extend(MemoryLayout<T>.size))
        place.storeBytes(of: value.littleEndian, as: T.self)
    }

    func put(_ octets: some Sequence<UInt8>, count: Int) {
        let place = UnsafeMutableBufferPointer(start: extend(count), count: count)
        _ = place.initialize(from: octets)
    }

    /// Overwrites four octets written before.
    func patch(_ value: UInt32, at offset: Int) {
        (memory + offset).storeBytes(of: value.littleEndian, as: UInt32.self)
    }

    private func grow(_ needed: Int) {
        let larger = max(needed, capacity * 2)
        let next = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        next.copyMemory(from: memory, byteCount: count)
        memory.deallocate()
        (memory, capacity) = (next, larger)
    }
}
