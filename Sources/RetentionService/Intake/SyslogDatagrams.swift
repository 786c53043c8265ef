internal import NIOCore
internal import NetworkLogs
internal import Territory

/// Syslog over UDP (RFC 5426): a datagram is a message. What finds the archive's queue full is lost, and counted.
final class SyslogDatagrams: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let register: SourceRegister
    private let clock: RetentionClock
    private var collector: Collector
    private var known = SenderCache(kind: .syslog)

    init(_ register: SourceRegister, _ queue: IntakeQueue, clock: RetentionClock) {
        (self.register, self.clock, collector) = (register, clock, Collector(queue))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let source = known.find(envelope.remoteAddress, register) else { return }
        envelope.data.withUnsafeReadableBytes { collector.take($0, of: source, at: clock.milliseconds()) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !collector.handOver() { collector.giveUp(at: clock.milliseconds()) }
        context.fireChannelReadComplete()
    }
}

/// Which source each sender was, so that a datagram costs one look into a small table.
struct SenderCache {
    private let kind: LogSource.Kind
    private var generation = -1
    private var sources: [SocketAddress: ServedSource] = [:]

    init(kind: LogSource.Kind) { self.kind = kind }

    /// The source of a sender; nil: it is not declared.
    mutating func find(_ address: SocketAddress, _ register: SourceRegister) -> ServedSource? {
        let now = register.generation
        // Senders choose their ports, so what is remembered of them is bounded.
        if now != generation || sources.count > 4_096 { (generation, sources) = (now, [:]) }
        if let known = sources[address] { return known }
        guard let text = address.ipAddress, let parsed = IPAddress(text), let found = register.find(parsed, kind) else {
            return nil
        }
        sources[address] = found
        return found
    }
}
