/// Cuts one TLS message into fragments (RFC 5216 §2.1.5).
struct FragmentSender {
    private var rest: ArraySlice<UInt8>
    private let whole: Int
    private let room: Int

    /// Cuts `message` so that each EAP packet has at most `packetSize` octets: header, type and flags take six,
    /// the length of a first fragment four more.
    init(_ message: [UInt8], packetSize: Int) {
        (rest, whole, room) = (message[...], message.count, max(packetSize, EAPLimits.fragmentSizes.lowerBound) - 6)
    }

    /// Whether a fragment is left to be sent once the last one is acknowledged.
    var hasMore: Bool { !rest.isEmpty }

    /// The next fragment with its flags in front. An empty message gives a frame without data: an acknowledgement.
    mutating func next() -> [UInt8] {
        if rest.count == whole, whole > room {
            let size = UInt32(truncatingIfNeeded: whole)
            let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) }
            let flags: TLSFlags = [.length, .more]
            return [flags.rawValue] + length + take(room - 4)
        }
        let part = take(room)
        return [rest.isEmpty ? 0 : TLSFlags.more.rawValue] + part
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        let part = rest.prefix(count)
        rest = rest.dropFirst(count)
        return part
    }
}
