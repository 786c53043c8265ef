import RADIUS

/// A stream cut into packets: what the mutation tests and the fuzzer of `deploy/fuzz` share.
struct StreamHarness {
    /// What came out of a stream, and what ended it.
    struct Result: Hashable {
        var packets: [[UInt8]] = []
        var fault: RADIUSError.Code?
    }

    /// Cuts the stream as it comes in pieces of 1, 7 and 1500 octets, and whole; throws a ``Violation`` when that makes
    /// a difference, or too much is kept.
    func check(_ stream: [UInt8]) throws(Violation) -> Result {
        let whole = try cut(stream, chunk: max(stream.count, 1))
        for chunk in [1, 7, 1500] where try cut(stream, chunk: chunk) != whole {
            throw Violation(description: "pieces of \(chunk) octets make other packets")
        }
        return whole
    }

    private func cut(_ stream: [UInt8], chunk: Int) throws(Violation) -> Result {
        var (framer, result, kept) = (PacketFramer(), Result(), 0)
        do throws(RADIUSError) {
            for start in stride(from: 0, to: stream.count, by: chunk) {
                try framer.append(stream[start..<min(start + chunk, stream.count)])
                while let packet = try framer.next() { result.packets.append(packet) }
                kept = max(kept, framer.bufferedCount)
            }
            try framer.finish()
        } catch {
            result.fault = error.code
        }
        guard kept < PacketLimits.maximumLength else { throw Violation(description: "\(kept) octets kept") }
        for packet in result.packets {
            guard (PacketLimits.headerLength...PacketLimits.maximumLength).contains(packet.count),
                Int(packet[2]) << 8 | Int(packet[3]) == packet.count
            else { throw Violation(description: "a packet of \(packet.count) octets") }
            // RADIUS/1.1 is framed alike; what is read there is PacketHarness's.
            _ = try? packet.withPacketView(version: .radius11) { $0.token }
        }
        return result
    }
}
