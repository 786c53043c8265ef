/// Takes little-endian fields off the front of octets; every step is bounded and a fault names structure and octet.
struct ByteReader {
    let bytes: ArraySlice<UInt8>
    let structure: String
    private(set) var position: Int

    init(_ bytes: [UInt8], _ structure: String) {
        self.init(bytes[...], structure)
    }

    init(_ bytes: ArraySlice<UInt8>, _ structure: String) {
        (self.bytes, self.structure, self.position) = (bytes, structure, bytes.startIndex)
    }

    var offset: Int { position - bytes.startIndex }
    var remaining: Int { bytes.endIndex - position }

    func fault(_ code: EvidenceError.Code) -> EvidenceError { EvidenceError(code, in: structure, at: offset) }

    mutating func take(_ count: Int) throws(EvidenceError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw fault(.truncated) }
        defer { position += count }
        return bytes[position..<position + count]
    }

    private mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(EvidenceError) -> T {
        var value: T = 0
        for (index, byte) in try take(T.bitWidth / 8).enumerated() {
            value |= T(truncatingIfNeeded: byte) << (8 * index)
        }
        return value
    }

    mutating func u8() throws(EvidenceError) -> UInt8 { try integer(UInt8.self) }
    mutating func u16() throws(EvidenceError) -> UInt16 { try integer(UInt16.self) }
    mutating func u32() throws(EvidenceError) -> UInt32 { try integer(UInt32.self) }
    mutating func u64() throws(EvidenceError) -> UInt64 { try integer(UInt64.self) }
    mutating func i64() throws(EvidenceError) -> Int64 { Int64(bitPattern: try integer(UInt64.self)) }

    /// A 32-bit count that may not exceed `limit`.
    mutating func count(upTo limit: Int) throws(EvidenceError) -> Int {
        let place = offset
        let value = Int(try u32())
        guard value <= limit else { throw EvidenceError(.limitExceeded, in: structure, at: place) }
        return value
    }

    /// One octet of length, then UTF-8 without control characters.
    mutating func text() throws(EvidenceError) -> String {
        let place = offset
        let length = Int(try u8())
        let octets = try take(length)
        guard let text = String(validating: octets, as: UTF8.self),
            !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
        else { throw EvidenceError(.malformed, in: structure, at: place) }
        return text
    }

    func finish() throws(EvidenceError) {
        guard remaining == 0 else { throw fault(.trailingOctets) }
    }
}

/// The same fields, appended.
extension [UInt8] {
    mutating func put<T: FixedWidthInteger>(_ value: T) {
        for index in 0..<T.bitWidth / 8 { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }

    /// One octet of length, then the UTF-8; longer than 255 octets or with control characters is refused.
    mutating func put(text: String, _ structure: String) throws(EvidenceError) {
        let octets = [UInt8](text.utf8)
        guard octets.count <= 255, !octets.contains(where: { $0 < 32 || $0 == 127 }) else {
            throw EvidenceError(.malformed, in: structure, at: count)
        }
        append(UInt8(octets.count))
        append(contentsOf: octets)
    }
}
