import RADIUS

/// Packets written and read in one expression.
enum PacketBuffer {
    /// The octets of a reply.
    static func reply(
        _ code: PacketCode, to request: [UInt8], secret: SharedSecret, version: ProtocolVersion = .radius10,
        _ fill: (inout PacketWriter) -> Void = { _ in }
    ) throws(RADIUSError) -> [UInt8] {
        try request.withPacketView(version: version) { view throws(RADIUSError) in
            try write(secret) {
                PacketWriter($0, replying: code, to: view)
            } fill: {
                fill(&$0)
            }
        }
    }

    /// The octets of a request.
    static func request(
        _ code: PacketCode, identifier: UInt8 = 1, authenticator: Authenticator = .zero, secret: SharedSecret,
        _ fill: (inout PacketWriter) -> Void = { _ in }
    ) throws(RADIUSError) -> [UInt8] {
        try write(secret) {
            PacketWriter($0, request: code, identifier: identifier, authenticator: authenticator)
        } fill: {
            fill(&$0)
        }
    }

    /// The octets of a RADIUS/1.1 request.
    static func request(
        _ code: PacketCode, token: UInt32, secret: SharedSecret, _ fill: (inout PacketWriter) -> Void = { _ in }
    ) throws(RADIUSError) -> [UInt8] {
        try write(secret) {
            PacketWriter($0, request: code, token: token)
        } fill: {
            fill(&$0)
        }
    }

    private static func write(
        _ secret: SharedSecret, _ begin: (UnsafeMutableRawBufferPointer) -> PacketWriter,
        fill: (inout PacketWriter) -> Void
    ) throws(RADIUSError) -> [UInt8] {
        var octets = [UInt8](repeating: 0, count: PacketLimits.maximumLength)
        let length = try octets.withUnsafeMutableBufferPointer { buffer throws(RADIUSError) in
            var writer = begin(UnsafeMutableRawBufferPointer(buffer))
            fill(&writer)
            return try writer.finish(secret: secret)
        }
        return Array(octets[..<length])
    }
}
