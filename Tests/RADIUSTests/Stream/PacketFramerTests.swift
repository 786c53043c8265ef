import RADIUS
import Testing

/// Packets out of a stream (RFC 6613 §2.6).
@Suite struct PacketFramerTests {
    private func packet(_ length: Int, fill: UInt8 = 7) -> [UInt8] {
        [2, 1, UInt8(length >> 8), UInt8(length & 0xff)] + [UInt8](repeating: fill, count: length - 4)
    }

    private func drain(_ framer: inout PacketFramer) throws -> [[UInt8]] {
        var packets: [[UInt8]] = []
        while let packet = try framer.next() { packets.append(packet) }
        return packets
    }

    @Test(arguments: [1, 2, 3, 19, 20, 21, 100, 4096, 10_000])
    func `packets come out whole and in order, however the stream is cut`(size: Int) throws {
        let packets = [20, 21, 4096, 20, 300, 4095].enumerated().map { packet($1, fill: UInt8($0)) }
        let stream = packets.flatMap { $0 }
        var framer = PacketFramer()
        var found: [[UInt8]] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            try framer.append(stream[start..<min(start + size, stream.count)])
            found += try drain(&framer)
        }
        #expect(found == packets)
        try framer.finish()
    }

    @Test(arguments: [0, 19, 4097, 65535]) func `a length outside 20…4096 ends the stream`(length: Int) throws {
        var framer = PacketFramer()
        try framer.append(packet(20))
        try framer.append([2, 1, UInt8(length >> 8), UInt8(length & 0xff)])
        #expect(try framer.next() == packet(20))
        let error = RADIUSError(length < 20 ? .lengthTooShort : .lengthTooLong)
        #expect(throws: error) { try framer.next() }
        #expect(throws: error) { try framer.next() }
        #expect(throws: error) { try framer.append(packet(20)) }
        #expect(throws: error) { try framer.finish() }
        #expect(framer.bufferedCount == 0)
    }

    @Test func `peers that know RFC 7930 may send up to 65535 octets`() throws {
        var framer = PacketFramer(maximumLength: 65535)
        try framer.append(packet(65535))
        #expect(try framer.next()?.count == 65535)
        var bounded = PacketFramer(maximumLength: 1)
        try bounded.append(packet(20))
        #expect(try bounded.next()?.count == 20)
    }

    @Test func `the buffer is bounded: its last octet fits and one more ends the stream`() throws {
        var framer = PacketFramer()
        try framer.append([UInt8](repeating: 0, count: PacketFramer.maximumBuffered))
        #expect(throws: RADIUSError(.streamOverflow)) { try framer.append([0]) }
        #expect(throws: RADIUSError(.streamOverflow)) { try framer.next() }
    }

    @Test func `an end inside a packet is told, one between packets is not`() throws {
        var framer = PacketFramer()
        try framer.append(packet(20) + [1])
        #expect(try drain(&framer).count == 1)
        #expect(framer.bufferedCount == 1)
        #expect(throws: RADIUSError(.streamTruncated)) { try framer.finish() }
    }
}
