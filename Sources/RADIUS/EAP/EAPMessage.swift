/// EAP packets in EAP-Message attributes (RFC 3579 §3.1).
extension PacketView {
    /// The EAP packet, put together from its attributes; empty for an EAP-Start, nil without EAP-Message.
    ///
    /// The attributes must follow each other: throws `.eapMessageScattered`. The result is shorter than the packet, and
    /// what it says is EAP's business.
    public func eapMessage() throws(RADIUSError) -> [UInt8]? {
        guard let first = offset(of: .eapMessage) else { return nil }
        var message: [UInt8] = []
        var ended = false
        let attributes = AttributeSequence(validated: UnsafeRawBufferPointer(rebasing: bytes[first...]))
        for attribute in attributes {
            guard attribute.type == .eapMessage else {
                ended = true
                continue
            }
            guard !ended else { throw RADIUSError(.eapMessageScattered) }
            message += attribute.value
        }
        return message
    }
}

extension PacketWriter {
    /// Appends an EAP packet in as many EAP-Message attributes as it takes, 253 octets in each but the last.
    ///
    /// An empty one makes an EAP-Start.
    public mutating func append(eapMessage: [UInt8]) {
        guard !eapMessage.isEmpty else { return append(.eapMessage, []) }
        eapMessage.withUnsafeBytes { message in
            for start in stride(from: 0, to: message.count, by: PacketLimits.maximumValueLength) {
                let end = min(start + PacketLimits.maximumValueLength, message.count)
                append(.eapMessage, UnsafeRawBufferPointer(rebasing: message[start..<end]))
            }
        }
    }
}

extension Attribute {
    /// The EAP-Message attributes of an EAP packet, in order; one without value for an empty packet.
    public static func eapMessage(_ message: [UInt8]) -> [Attribute] {
        guard !message.isEmpty else { return [Attribute(.eapMessage, [])] }
        return stride(from: 0, to: message.count, by: PacketLimits.maximumValueLength).map { start in
            Attribute(.eapMessage, Array(message[start..<min(start + PacketLimits.maximumValueLength, message.count)]))
        }
    }
}
