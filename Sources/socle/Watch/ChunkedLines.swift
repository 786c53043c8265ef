/// The lines of a chunked HTTP/1.1 body (RFC 9112 §7.1), as its octets come in. No I/O.
///
/// Bounds: ``longestLine`` octets of a line; more is a fault.
struct ChunkedLines {
    static let longestLine = 65_536

    struct Malformed: Error {}

    private enum Phase {
        case size([UInt8])
        case data(left: Int)
        /// The line end behind a chunk.
        case afterData
        case ended
    }

    private var phase = Phase.size([])
    private var line: [UInt8] = []

    /// Whether the last chunk has come.
    var isEnded: Bool { if case .ended = phase { true } else { false } }

    /// Takes octets in; returns the lines that are complete, without their ends.
    mutating func receive(_ octets: some Sequence<UInt8>) throws(Malformed) -> [String] {
        var lines: [String] = []
        for octet in octets {
            switch phase {
            case .size(let digits):
                try receiveSize(digits, octet)
            case .data(let left):
                if octet == 0x0A {
                    lines.append(String(decoding: line, as: UTF8.self))
                    line = []
                } else {
                    guard line.count < Self.longestLine else { throw Malformed() }
                    line.append(octet)
                }
                phase = left > 1 ? .data(left: left - 1) : .afterData
            case .afterData:
                if octet == 0x0A { phase = .size([]) } else if octet != 0x0D { throw Malformed() }
            case .ended: break
            }
        }
        return lines
    }

    private mutating func receiveSize(_ digits: [UInt8], _ octet: UInt8) throws(Malformed) {
        guard octet == 0x0A else {
            guard digits.count < 64 else { throw Malformed() }
            phase = .size(digits + [octet])
            return
        }
        let text = String(decoding: digits.prefix { $0 != 0x3B && $0 != 0x0D }, as: UTF8.self)
        guard let size = Int(text, radix: 16), size >= 0 else { throw Malformed() }
        phase = size == 0 ? .ended : .data(left: size)
    }
}
