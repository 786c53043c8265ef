/// Protocol-Error (RFC 7930 §4): what a peer on a stream answers when it cannot answer as it should. It ends the wait for a
/// reply, and no conversation: the next server may do better.
public struct ProtocolError: Hashable, Sendable {
    /// Original-Packet-Code (RFC 7930 §5.2): the code of the request; nil when the peer does not say, and in RADIUS/1.1,
    /// whose tokens say it (RFC 9765 §5.5).
    public var originalCode: PacketCode?
    /// Why.
    public var cause: ErrorCause?
    /// Response-Length (RFC 7930 §5.1): octets that the reply would have had.
    public var responseLength: UInt32?

    /// An error about a request with `code`.
    public init(originalCode code: PacketCode?, cause: ErrorCause?, responseLength: UInt32? = nil) {
        (originalCode, self.cause, self.responseLength) = (code, cause, responseLength)
    }

    /// Reads a checked reply; nil when it is no Protocol-Error.
    public init?(_ reply: PacketView) {
        guard reply.code == .protocolError else { return nil }
        self.init(
            originalCode: reply.version == .radius11 ? nil : Self.originalCode(reply),
            cause: reply.first(.errorCause)?.uint32.map(ErrorCause.init(rawValue:)),
            responseLength: reply.responseLength)
    }

    private static func originalCode(_ reply: PacketView) -> PacketCode? {
        reply.first(.originalPacketCode)?.uint32.flatMap(UInt8.init(exactly:)).map(PacketCode.init(rawValue:))
    }
}

extension PacketView {
    /// Response-Length (RFC 7930 §5.1): in a request, how long a reply its sender can take.
    public var responseLength: UInt32? { first(.responseLength)?.uint32 }
}

extension PacketWriter {
    /// Appends the attributes of a Protocol-Error, for a reply begun with that code.
    public mutating func append(_ error: ProtocolError) {
        if let cause = error.cause { append(.errorCause, uint32: cause.rawValue) }
        if let code = error.originalCode, version == .radius10 {
            append(ExtendedAttribute(.originalPacketCode, uint32: UInt32(code.rawValue)))
        }
        if let length = error.responseLength { append(ExtendedAttribute(.responseLength, uint32: length)) }
    }
}
