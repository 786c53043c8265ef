import Testing

@testable import EAP

@Suite struct FragmentTests {
    private func frames(_ message: [UInt8], packetSize: Int) -> [[UInt8]] {
        var sender = FragmentSender(message, packetSize: packetSize)
        var frames = [sender.next()]
        while sender.hasMore { frames.append(sender.next()) }
        return frames
    }

    @Test(arguments: [1, 93, 94, 95, 184, 185, 1000, 65_536], [100, 1020, 1400])
    func `a message comes through whole, in packets no longer than allowed`(count: Int, size: Int) throws {
        let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let frames = frames(message, packetSize: size)
        #expect(frames.allSatisfy { $0.count + 5 <= size })
        var receiver = FragmentReceiver()
        for frame in frames.dropLast() { #expect(try receiver.receive(frame) == .fragment) }
        #expect(try receiver.receive(frames.last ?? []) == .message(message))
        #expect(!receiver.isAssembling)
    }

    @Test func `94 octets are one frame of a packet of 100, 95 are two and say their length`() {
        #expect(frames([UInt8](repeating: 7, count: 94), packetSize: 100).map(\.first) == [0])
        let two = frames([UInt8](repeating: 7, count: 95), packetSize: 100)
        #expect(two.map(\.first) == [0xc0, 0])
        #expect(two.first?.prefix(5) == [0xc0, 0, 0, 0, 95])
    }

    @Test func `no message is a frame of flags alone`() {
        #expect(frames([], packetSize: 1020) == [[0]])
    }

    static let refused: [([[UInt8]], EAPError.Code)] = [
        ([[]], .fragmentTruncated), ([[0x80, 0, 0, 0]], .fragmentTruncated), ([[0x20]], .flagsInvalid),
        ([[0x01]], .flagsInvalid), ([[0x40]], .messageLengthInvalid), ([[0x40, 1]], .messageLengthInvalid),
        ([[0x80, 0, 0, 0, 2, 1]], .messageLengthInvalid), ([[0x80, 0, 0, 0, 1, 1, 1]], .messageLengthInvalid),
        ([[0xc0, 0, 1, 0, 1, 1]], .messageLengthInvalid), ([[0xc0, 255, 255, 255, 255, 1]], .messageLengthInvalid),
        ([[0xc0, 0, 0, 0, 1, 1]], .messageLengthInvalid),
        ([[0xc0, 0, 0, 0, 3, 1], [0]], .messageLengthInvalid),
        ([[0xc0, 0, 0, 0, 3, 1], [0, 1]], .messageLengthInvalid),
        ([[0xc0, 0, 0, 0, 3, 1], [0x40, 1, 1]], .messageLengthInvalid),
        ([[0xc0, 0, 0, 0, 3, 1], [0x80, 0, 0, 0, 4, 1, 1]], .messageLengthInvalid),
    ]

    @Test(arguments: refused)
    func `refuses impossible fragments and keeps what it had`(frames: [[UInt8]], code: EAPError.Code) throws {
        var receiver = FragmentReceiver()
        for frame in frames.dropLast() { #expect(try receiver.receive(frame) == .fragment) }
        #expect(throws: EAPError(code)) { try receiver.receive(frames.last ?? []) }
        guard frames.count > 1 else { return }
        #expect(try receiver.receive([0, 8, 9]) == .message([1, 8, 9]))
    }

    @Test func `accepts 64 KiB and refuses one octet more (RFC 5216 §2.1.5)`() throws {
        var receiver = FragmentReceiver()
        #expect(try receiver.receive([0xc0, 0, 1, 0, 0, 1]) == .fragment)
        #expect(throws: EAPError(.messageLengthInvalid)) { try receiver.receive([0xc0, 0, 1, 0, 1, 1]) }
    }

    @Test func `EAP-TLS ignores the reserved flags, the others have a version there (RFC 5216 §3.2, RFC 5281 §9.1)`()
        throws
    {
        var tls = FragmentReceiver(hasVersion: false)
        #expect(try tls.receive([0x1f, 1]) == .message([1]))
        var ttls = FragmentReceiver()
        #expect(try ttls.receive([0x18, 1]) == .message([1]))
        #expect(throws: EAPError(.flagsInvalid)) { try ttls.receive([0x1f, 1]) }
    }

    @Test func `an empty frame acknowledges`() throws {
        var receiver = FragmentReceiver()
        #expect(try receiver.receive([0]) == .acknowledgement)
        #expect(try receiver.receive([0x80, 0, 0, 0, 0]) == .acknowledgement)
    }
}
