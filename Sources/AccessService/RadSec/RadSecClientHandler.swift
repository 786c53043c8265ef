internal import NIOCore
internal import OpenSSL
internal import RADIUS

/// A connection to a RadSec server, above TLS: frames, answers to requests of ours, requests of the server. Lives on the
/// connection's event loop.
final class RadSecClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let limits: RadSecLimits
    private let notify: @Sendable (RadSecClientConnection.Event) -> Void
    private let connected: @Sendable (StreamPort?) -> Void
    private var port: StreamPort?
    private var framer = PacketFramer()
    private var packetDeadline: Scheduled<Void>?
    private var isEnding = false

    init(
        limits: RadSecLimits, notify: @escaping @Sendable (RadSecClientConnection.Event) -> Void,
        connected: @escaping @Sendable (StreamPort?) -> Void
    ) {
        (self.limits, self.notify, self.connected) = (limits, notify, connected)
    }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !isEnding { notify(.down("\(error)")) }
        isEnding = true
        context.close(promise: nil)
    }

    private func forget() {
        isEnding = true
        packetDeadline?.cancel()
        packetDeadline = nil
        guard let port else { return }
        self.port = nil
        connected(nil)
        port.outstanding.close()
    }

    private func end(_ context: ChannelHandlerContext, _ fault: StreamFault) {
        guard !isEnding else { return }
        isEnding = true
        notify(.down(fault.rawValue))
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let established as TLSEstablished:
            let version = established.applicationProtocol.flatMap(ProtocolVersion.init) ?? .radius10
            guard version == .radius10 || established.version == .tls13 else { return end(context, .handshakeFailed) }
            let port = StreamPort(context.channel, version: version)
            self.port = port
            connected(port)
            notify(.up(version))
        case is StreamPort.Wake:
            guard let port, !isEnding else { return }
            let box = port.take()
            for batch in StreamBatch.joined(box.packets) {
                context.write(wrapOutboundOut(ByteBuffer(bytes: batch)), promise: nil)
            }
            context.flush()
            if let fault = box.fault { end(context, fault) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !context.channel.isWritable { end(context, .backlog) }
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let port, !isEnding else { return }
        var hasPacket = false
        do throws(RADIUSError) {
            try framer.append(unwrapInboundIn(data).readableBytesView)
            while let packet = try framer.next() {
                hasPacket = true
                if PacketCode(rawValue: packet[0]).isReply {
                    _ = port.outstanding.resolve(packet)
                } else {
                    notify(.request(packet))
                }
            }
        } catch {
            return end(context, .malformedPacket)
        }
        watchPacket(context, restart: hasPacket)
    }

    private func watchPacket(_ context: ChannelHandlerContext, restart: Bool) {
        if framer.bufferedCount == 0 || restart {
            packetDeadline?.cancel()
            packetDeadline = nil
        }
        guard framer.bufferedCount > 0, packetDeadline == nil else { return }
        packetDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limits.packetDeadline)) {
            [weak self] in self?.end(context, .packetTimeout)
        }
    }
}
