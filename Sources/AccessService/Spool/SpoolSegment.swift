import Glibc

/// One file of the spool: a magic of 8 bytes, then records framed as length (4 bytes, big-endian), CRC-32C of the
/// payload (4 bytes) and the payload. A crash can cut only the last record; what precedes it reads back whole.
final class SpoolSegment {
    static let magic: [UInt8] = Array("SOCLESP1".utf8)
    static let frameBytes = 8
    /// A RADIUS packet is 4096 bytes at most; the rest is our header.
    static let maximumPayload = 8192

    let number: UInt64
    let path: String
    private let descriptor: Int32
    /// The end of the last whole record.
    private(set) var end: Int
    /// Where reading goes on.
    var position: Int
    /// Bytes past the last whole record that `open` cut off or that damage made unreadable.
    private(set) var lostBytes = 0

    private init(number: UInt64, path: String, descriptor: Int32, end: Int) {
        (self.number, self.path, self.descriptor, self.end) = (number, path, descriptor, end)
        position = Self.magic.count
    }

    deinit { close(descriptor) }

    var isConsumed: Bool { position >= end }

    static func create(number: UInt64, path: String) throws(AccessError) -> SpoolSegment {
        let descriptor = try SpoolFile.create(path)
        do {
            try SpoolFile.writeAll(magic, descriptor, at: 0, path)
        } catch {
            close(descriptor)
            unlink(path)
            throw error
        }
        return SpoolSegment(number: number, path: path, descriptor: descriptor, end: magic.count)
    }

    /// Opens a segment of an earlier run and cuts what is not whole.
    static func open(number: UInt64, path: String) throws(AccessError) -> SpoolSegment {
        let descriptor = try SpoolFile.openExisting(path)
        let segment = SpoolSegment(number: number, path: path, descriptor: descriptor, end: magic.count)
        let size = try SpoolFile.size(descriptor, path)
        let start = try SpoolFile.read(descriptor, at: 0, count: magic.count, path)
        guard start == magic else {
            segment.end = segment.position
            segment.lostBytes = size
            return segment
        }
        while let (_, next) = try segment.record(at: segment.end, limit: size) { segment.end = next }
        segment.lostBytes = size - segment.end
        if segment.lostBytes > 0 { ftruncate(descriptor, segment.end) }
        return segment
    }

    static func frame(_ payload: [UInt8], into bytes: inout [UInt8]) {
        let length = UInt32(payload.count)
        let checksum = payload.withUnsafeBytes { CRC32C.checksum($0) }
        for value in [length, checksum] {
            for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
        }
        bytes += payload
    }

    /// Appends framed records; they are on the disk when this returns. After a failure nothing of them remains.
    func append(framed bytes: [UInt8]) throws(AccessError) {
        do {
            try SpoolFile.writeAll(bytes, descriptor, at: end, path)
            try SpoolFile.syncFile(descriptor, path)
        } catch {
            ftruncate(descriptor, end)
            throw error
        }
        end += bytes.count
    }

    /// The records from `position` on, at most `limit`, and where reading goes on after them.
    func read(limit: Int) throws(AccessError) -> (payloads: [[UInt8]], next: Int) {
        var payloads: [[UInt8]] = []
        var next = position
        while payloads.count < limit, let (payload, after) = try record(at: next, limit: end) {
            payloads.append(payload)
            next = after
        }
        // A record that was whole when written and is not any more: the disk lost it. What follows cannot be framed.
        if payloads.isEmpty, next < end {
            lostBytes += end - next
            next = end
        }
        return (payloads, next)
    }

    private func record(at offset: Int, limit: Int) throws(AccessError) -> (payload: [UInt8], next: Int)? {
        guard limit - offset >= Self.frameBytes else { return nil }
        let head = try SpoolFile.read(descriptor, at: offset, count: Self.frameBytes, path)
        guard head.count == Self.frameBytes else { return nil }
        let length = Int(head.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        let checksum = head.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let start = offset + Self.frameBytes
        guard length > 0, length <= Self.maximumPayload, length <= limit - start else { return nil }
        let payload = try SpoolFile.read(descriptor, at: start, count: length, path)
        guard payload.count == length, payload.withUnsafeBytes({ CRC32C.checksum($0) }) == checksum else { return nil }
        return (payload, start + length)
    }
}
