/// The attributes of a packet, or of one vendor inside a Vendor-Specific attribute, in order and without allocation.
public struct AttributeSequence: Sequence {
    private let bytes: UnsafeRawBufferPointer

    // Invariant, established by the parsers: type-length-value triples fill `bytes` exactly.
    init(validated bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Starts at the first attribute.
    public func makeIterator() -> Iterator { Iterator(bytes: bytes) }

    /// Walks over type-length-value triples.
    public struct Iterator: IteratorProtocol {
        private let bytes: UnsafeRawBufferPointer
        private var offset = 0

        init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

        /// The next attribute; nil at the end, and at anything that is not whole.
        public mutating func next() -> AttributeView? {
            guard bytes.count - offset >= 2 else { return nil }
            let length = Int(bytes[offset + 1])
            guard length >= 2, length <= bytes.count - offset else { return nil }
            defer { offset += length }
            return AttributeView(
                type: bytes[offset], encoded: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + length]))
        }
    }
}
