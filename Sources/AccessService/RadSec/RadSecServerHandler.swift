internal import NIOCore
internal import OpenSSL
internal import RADIUS
internal import Territory

/// One connection of a NAS, above TLS: finds out whose it is, cuts the stream into packets, hands them to a packet thread
/// and sends back what comes. Lives on the connection's event loop.
///
/// Bounds: requests in flight (then nothing more is read), time for a packet, time without one, octets the peer leaves
/// unread.
final class RadSecServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Peer {
        let nas: NASID
        let connection: StreamConnection
        let port: StreamPort
    }

    private let hub: RadSecHub
    private let address: PeerAddress
    private var peer: Peer?
    private var framer = PacketFramer()
    private var isPaused = false
    private var isEnding = false
    private var lastPacket = NIODeadline.distantPast
    private var idle: Scheduled<Void>?
    private var packetDeadline: Scheduled<Void>?

    init(hub: RadSecHub, address: PeerAddress) { (self.hub, self.address) = (hub, address) }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset by the peer is its way of leaving.
        if !isEnding, let failure = error as? StreamFailure { hub.note(failure, peer: address) }
        isEnding = true
        context.close(promise: nil)
    }

    private func forget() {
        isEnding = true
        idle?.cancel()
        packetDeadline?.cancel()
        (idle, packetDeadline) = (nil, nil)
        guard let peer else { return }
        self.peer = nil
        hub.remove(peer.connection, of: peer.nas)
        peer.port.outstanding.close()
    }

    private func end(_ context: ChannelHandlerContext, _ fault: StreamFault) {
        guard !isEnding else { return }
        isEnding = true
        hub.note(StreamFailure(fault: fault, detail: ""), peer: address)
        context.close(promise: nil)
    }

    // MARK: Events

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let established as TLSEstablished: identify(context, established)
        case is StreamPort.Wake: takeOutbox(context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    /// Decides whose connection it is by the certificate alone: addresses and NAS-Identifier say nothing here.
    private func identify(_ context: ChannelHandlerContext, _ established: TLSEstablished) {
        let names = established.certificate.map(CertificateIdentity.names) ?? []
        guard let (name, nas) = hub.directory.snapshot.find(certificate: names) else {
            isEnding = true
            hub.noteUnknown(established.certificate, peer: address)
            return context.close(promise: nil)
        }
        let version = established.applicationProtocol.flatMap(ProtocolVersion.init) ?? .radius10
        // RFC 9765 §3.4 wants TLS 1.3 below RADIUS/1.1.
        guard version == .radius10 || established.version == .tls13 else { return end(context, .handshakeFailed) }
        let port = StreamPort(context.channel, version: version)
        let connection = StreamConnection(
            peer: address, version: version, certificateName: name, capacity: hub.limits.requestsInFlight
        ) { [weak port] in port?.post($0) }
        peer = Peer(nas: nas.nas.id, connection: connection, port: port)
        hub.add(RadSecHub.Link(connection: connection, port: port), of: nas.nas.id)
        lastPacket = .now()
        watchIdle(context, TimeAmount(hub.limits.idleLimit))
    }

    private func takeOutbox(_ context: ChannelHandlerContext) {
        guard let peer, !isEnding else { return }
        let box = peer.port.take()
        if !box.packets.isEmpty {
            // As few TLS records as hold them.
            for batch in StreamBatch.joined(box.packets) {
                context.write(wrapOutboundOut(ByteBuffer(bytes: batch)), promise: nil)
            }
            context.flush()
        }
        if let fault = box.fault { return end(context, fault) }
        if box.isReady, isPaused {
            isPaused = false
            pump(context)
            if !isPaused, !isEnding { setReading(context, true) }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if !context.channel.isWritable { end(context, .backlog) }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard peer != nil, !isEnding else { return }
        do throws(RADIUSError) {
            try framer.append(unwrapInboundIn(data).readableBytesView)
        } catch {
            return end(context, .malformedPacket)
        }
        pump(context)
    }

    /// Hands on the packets that are complete, as many as may be in flight.
    private func pump(_ context: ChannelHandlerContext) {
        guard let peer else { return }
        var packets: [StreamPacket] = []
        var hasPacket = false
        do throws(RADIUSError) {
            while true {
                // Looked at once for each packet: whoever frees a place after a look that found none says so.
                guard peer.connection.hasPlace else {
                    pause(context)
                    break
                }
                guard let packet = try framer.next() else { break }
                hasPacket = true
                if PacketCode(rawValue: packet[0]).isReply {
                    _ = peer.port.outstanding.resolve(packet)
                } else if let exchange = StreamExchange(on: peer.connection) {
                    packets.append(StreamPacket(bytes: packet, exchange: exchange))
                }
            }
        } catch {
            return end(context, .malformedPacket)
        }
        if !packets.isEmpty { hub.deliver(packets, of: peer.connection) }
        if hasPacket { lastPacket = .now() }
        watchPacket(context, restart: hasPacket)
    }

    /// Reads no more until a request is answered, which the connection's `ready` tells.
    private func pause(_ context: ChannelHandlerContext) {
        isPaused = true
        setReading(context, false)
    }

    private func setReading(_ context: ChannelHandlerContext, _ reads: Bool) {
        context.channel.setOption(.autoRead, value: reads).whenFailure { _ in }
    }

    // MARK: Deadlines

    /// A packet that has begun must end in time; while we do not read, it is not the peer who is late.
    private func watchPacket(_ context: ChannelHandlerContext, restart: Bool) {
        let isPartial = framer.bufferedCount > 0 && !isPaused
        if !isPartial || restart {
            packetDeadline?.cancel()
            packetDeadline = nil
        }
        guard isPartial, packetDeadline == nil else { return }
        let wait = TimeAmount(hub.limits.packetDeadline)
        packetDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: wait) { [weak self] in
            self?.end(context, .packetTimeout)
        }
    }

    private func watchIdle(_ context: ChannelHandlerContext, _ wait: TimeAmount) {
        idle = context.eventLoop.assumeIsolated().scheduleTask(in: wait) { [weak self] in
            guard let self, !self.isEnding else { return }
            let quiet = NIODeadline.now() - self.lastPacket
            let limit = TimeAmount(self.hub.limits.idleLimit)
            if quiet >= limit { self.end(context, .idle) } else { self.watchIdle(context, limit - quiet) }
        }
    }
}

/// Packets put together for TLS.
enum StreamBatch {
    /// The longest plaintext of one record (RFC 8446 §5.1).
    private static let longest = 16_384

    /// The packets in order, joined into pieces that fit one record each.
    static func joined(_ packets: [[UInt8]]) -> [[UInt8]] {
        var batches: [[UInt8]] = []
        for packet in packets {
            if let last = batches.indices.last, batches[last].count + packet.count <= longest {
                batches[last] += packet
            } else {
                batches.append(packet)
            }
        }
        return batches
    }
}
