@testable import EAP

/// The fragments of TLS inside EAP, put together and cut: what a test and the fuzzer of `deploy/fuzz` share.
struct FramingHarness {
    /// Takes octets as one of choices and frames, each with its length in two octets before it.
    ///
    /// Throws a ``Violation`` when a message is empty or too long, or when one that we cut is not put together again.
    func check(_ octets: [UInt8]) throws(Violation) {
        let choices = octets.first ?? 0
        var receiver = FragmentReceiver(hasVersion: choices & 1 == 0)
        var rest = octets.dropFirst()
        while rest.count >= 2 {
            let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            let frame = Array(rest.dropFirst(2).prefix(length))
            rest = rest.dropFirst(2 + length)
            guard case .message(let message) = try? receiver.receive(frame, allowsStart: choices & 2 != 0) else {
                continue
            }
            guard !message.isEmpty, message.count <= EAPLimits.maximumMessage else {
                throw Violation(description: "a message of \(message.count) octets")
            }
        }
        try cutAndJoin(octets, packetSize: 64 + Int(choices) * 6)
    }

    /// A message that we cut is put together again, and no packet is longer than asked.
    private func cutAndJoin(_ message: [UInt8], packetSize: Int) throws(Violation) {
        guard !message.isEmpty else { return }
        var sender = FragmentSender(message, packetSize: packetSize)
        var receiver = FragmentReceiver()
        var joined: [UInt8]?
        while joined == nil {
            let frame = sender.next()
            guard frame.count + 5 <= max(packetSize, EAPLimits.fragmentSizes.lowerBound) else {
                throw Violation(description: "a packet of \(frame.count + 5) octets, \(packetSize) asked")
            }
            switch try? receiver.receive(frame) {
            case .message(let whole): joined = whole
            case .fragment where sender.hasMore: continue
            case .fragment, .acknowledgement, nil: throw Violation(description: "our own fragment is refused")
            }
        }
        guard joined == message, !sender.hasMore else { throw Violation(description: "another message than was cut") }
    }
}
