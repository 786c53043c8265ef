/// Rows one after another in memory of their own. Not to be shared: one builder owns it.
final class RowStore {
    private(set) var rows: UnsafeMutableRawPointer
    private(set) var count = 0
    private var capacity: Int
    let stride: Int

    init(stride: Int, capacity: Int) {
        (self.stride, self.capacity) = (stride, max(capacity, 16))
        rows = .allocate(byteCount: stride * self.capacity, alignment: 16)
    }

    deinit { rows.deallocate() }

    /// Room for one more row, which the caller fills at once.
    @inline(__always)
    func next() -> UnsafeMutableRawPointer {
        if count == capacity { grow() }
        defer { count += 1 }
        return rows + count * stride
    }

    func row(_ index: Int) -> UnsafeRawPointer { UnsafeRawPointer(rows + index * stride) }

    private func grow() {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: stride * capacity * 2, alignment: 16)
        larger.copyMemory(from: rows, byteCount: stride * count)
        rows.deallocate()
        (rows, capacity) = (larger, capacity * 2)
    }
}
