internal import RADIUS

extension DeferredRequest {
    /// Calls `body` with the packet, which is there only during the call; nil if it cannot be read, which it once was.
    func withPacket<Result>(_ body: (PacketView) -> Result) -> Result? {
        packet.withUnsafeBytes { bytes in (try? PacketView(bytes, version: origin.version)).map(body) }
    }
}
