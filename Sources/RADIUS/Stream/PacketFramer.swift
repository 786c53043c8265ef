/// Cuts a stream of TCP or TLS into packets by their Length fields (RFC 6613 §2.6).
///
/// Octets go in as they arrive and whole packets come out; at most ``maximumBuffered`` octets are kept. There is no finding
/// one's place again in a stream: after a fault every call throws it, and the connection must be closed (RFC 6613 §2.6.4).
public struct PacketFramer: Sendable {
    /// Octets kept at most: what one large read leaves behind before it is taken out.
    public static let maximumBuffered = 1 << 17

    private let maximumLength: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var failure: RADIUSError?

    /// An empty stream of packets of 20…`maximumLength` octets: 4096, unless both ends know RFC 7930.
    public init(maximumLength: Int = PacketLimits.maximumLength) {
        self.maximumLength = min(max(maximumLength, PacketLimits.headerLength), 65535)
    }

    /// Octets that are there and no packet yet; above 0 for long, the peer is slow or hostile.
    public var bufferedCount: Int { buffer.count - start }

    /// Adds octets that arrived. Throws `.streamOverflow` when packets are not taken out, or an earlier fault.
    public mutating func append(_ bytes: some Collection<UInt8>) throws(RADIUSError) {
        if let failure { throw failure }
        guard bytes.count <= Self.maximumBuffered - bufferedCount else { throw fail(RADIUSError(.streamOverflow)) }
        if start > 0 {
            buffer.removeSubrange(..<start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole packet; nil when more octets are needed. Throws `.lengthTooShort` or `.lengthTooLong`.
    public mutating func next() throws(RADIUSError) -> [UInt8]? {
        if let failure { throw failure }
        guard bufferedCount >= 4 else { return nil }
        let length = Int(buffer[start + 2]) << 8 | Int(buffer[start + 3])
        guard length >= PacketLimits.headerLength else { throw fail(RADIUSError(.lengthTooShort, at: 2)) }
        guard length <= maximumLength else { throw fail(RADIUSError(.lengthTooLong, at: 2)) }
        guard bufferedCount >= length else { return nil }
        let packet = Array(buffer[start..<start + length])
        start += length
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            start = 0
        }
        return packet
    }

    /// Says that the stream has ended; throws `.streamTruncated` when that is inside a packet, or an earlier fault.
    public mutating func finish() throws(RADIUSError) {
        if let failure { throw failure }
        guard bufferedCount == 0 else { throw fail(RADIUSError(.streamTruncated)) }
    }

    private mutating func fail(_ error: RADIUSError) -> RADIUSError {
        failure = error
        (buffer, start) = ([], 0)
        return error
    }
}
