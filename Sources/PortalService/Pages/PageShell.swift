import NIOCore

/// A page rendered once, cut where the per-visitor parts go: serving it is a handful of copies.
struct PageShell: Sendable {
    private let segments: [[UInt8]]
    private let slots: [Int]

    /// Cuts `page` at its slot marks (``HTML/slot(_:)``).
    init(_ page: HTML) {
        var segments: [[UInt8]] = []
        var slots: [Int] = []
        var current = ""
        for scalar in page.text.unicodeScalars {
            if HTML.slotMarks.contains(scalar) {
                segments.append(Array(current.utf8))
                slots.append(Int(scalar.value - HTML.slotMarks.lowerBound.value))
                current = ""
            } else {
                current.unicodeScalars.append(scalar)
            }
        }
        segments.append(Array(current.utf8))
        (self.segments, self.slots) = (segments, slots)
        count = segments.reduce(0) { $0 + $1.count }
    }

    /// Octets without the values.
    let count: Int

    /// The page in one buffer; a slot without a value stays empty.
    func buffer(_ values: [HTML], allocator: ByteBufferAllocator = ByteBufferAllocator()) -> ByteBuffer {
        let extra = slots.reduce(0) { $0 + ($1 < values.count ? values[$1].text.utf8.count : 0) }
        var buffer = allocator.buffer(capacity: count + extra)
        for (index, segment) in segments.enumerated() {
            buffer.writeBytes(segment)
            if index < slots.count, slots[index] < values.count { buffer.writeString(values[slots[index]].text) }
        }
        return buffer
    }
}
