internal import Logging
internal import NIOCore
internal import NIOTLS
internal import NetworkLogs
internal import Territory

/// Syslog over TCP (RFC 6587) or TLS (RFC 5425). While the archive's queue is full the connection is not read, so that the
/// sender keeps what we cannot take.
final class SyslogStream: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let register: SourceRegister
    private let queue: IntakeQueue
    private let clock: RetentionClock
    private let isTLS: Bool
    private let logger: Logger
    private var collector: Collector
    private var framer: SyslogFramer
    private var source: ServedSource?
    private var generation = 0
    private var isWaiting = false
    private var handshake: Scheduled<Void>?

    /// How long a stranger may take over the handshake.
    static let handshakeDeadline = TimeAmount.seconds(10)

    init(
        _ register: SourceRegister, _ queue: IntakeQueue, isTLS: Bool, maximumMessage: Int, clock: RetentionClock,
        logger: Logger
    ) {
        (self.register, self.queue, self.isTLS, self.clock, self.logger) = (register, queue, isTLS, clock, logger)
        collector = Collector(queue)
        framer = SyslogFramer(maximumMessage: maximumMessage, framing: isTLS ? .octetCounted : .automatic)
    }

    func channelActive(context: ChannelHandlerContext) {
        if isTLS {
            let channel = context.channel
            handshake = context.eventLoop.scheduleTask(in: Self.handshakeDeadline) { channel.close(promise: nil) }
        } else {
            identify(context)
        }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            handshake?.cancel()
            identify(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Who it is, by certificate over TLS and by address otherwise. A stranger is let go before it has said anything.
    private func identify(_ context: ChannelHandlerContext) {
        generation = register.generation
        let address = context.remoteAddress?.ipAddress.flatMap { IPAddress($0) }
        if isTLS {
            source = register.find(certificateNames: CertificateNames.of(context))
        } else {
            source = address.flatMap { register.find($0, .syslog) }
        }
        guard source == nil else { return }
        // Not louder: whoever connects again and again would write our log. They are counted for `archive source list`.
        logger.debug(
            "refused a syslog sender that is not declared",
            metadata: ["address": "\(address?.description ?? "-")", "tls": "\(isTLS)"])
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if generation != register.generation { identify(context) }
        guard let source else { return }
        let received = clock.milliseconds()
        unwrapInboundIn(data).withUnsafeReadableBytes { bytes in
            framer.append(bytes) { take($0, of: source, at: received) }
        }
    }

    private func take(_ frame: SyslogFrame, of source: ServedSource, at received: Int64) {
        switch frame {
        case .message(let message, _): collector.take(message, of: source, at: received)
        case .skipped: collector.lose(1, .framing, of: source, at: received)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        handOver(context)
        context.fireChannelReadComplete()
    }

    /// Hands over what was parsed, or stops reading until there is room.
    private func handOver(_ context: ChannelHandlerContext) {
        guard !isWaiting, !collector.handOver() else { return }
        isWaiting = true
        context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        queue.whenRoom { loop.execute { handler.value.0.resume(handler.value.1) } }
    }

    private func resume(_ context: ChannelHandlerContext) {
        isWaiting = false
        handOver(context)
        if !isWaiting { context.channel.setOption(.autoRead, value: true).whenFailure { _ in } }
    }

    func channelInactive(context: ChannelHandlerContext) {
        handshake?.cancel()
        if let source {
            let received = clock.milliseconds()
            framer.finish { take($0, of: source, at: received) }
        }
        handOver(context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        logger.info("a syslog connection failed", metadata: ["error": "\(type(of: error))"])
        context.close(promise: nil)
    }
}
