internal import Logging
internal import NIOCore
internal import NIOPosix
internal import OpenSSL
internal import Pacing
internal import RADIUS

/// The RadSec sockets: accepts connections, each with TLS and a ``RadSecServerHandler``.
struct RadSecListener: Sendable {
    let hub: RadSecHub
    /// The port of each address, in the configuration's order.
    let ports: [UInt16]
    private let channels: [any Channel]
    private let tls: ReloadingTLSContext

    /// Reads the certificates and binds; throws what cannot be used or bound. Connections wait for ``run()``.
    init(
        _ configuration: RadSecConfiguration, addresses: [String], hub: RadSecHub, logger: Logger
    ) async throws(AccessError) {
        let tls = try ReloadingTLSContext(configuration.files, logger: logger) { settings in
            settings.applicationProtocols = [ProtocolVersion.radius11, .radius10].map(\.rawValue)
        }
        var (channels, ports): ([any Channel], [UInt16]) = ([], [])
        for address in addresses {
            do {
                let channel = try await Self.bind(address, configuration.port, hub, tls)
                channels.append(channel)
                ports.append(UInt16(clamping: channel.localAddress?.port ?? 0))
            } catch {
                for channel in channels { try? await channel.close() }
                throw AccessError(.socket, "RadSec on \(address) port \(configuration.port): \(error)")
            }
        }
        (self.hub, self.tls, self.channels, self.ports) = (hub, tls, channels, ports)
    }

    private static func bind(
        _ address: String, _ port: UInt16, _ hub: RadSecHub, _ tls: ReloadingTLSContext
    ) async throws -> any Channel {
        let mark = ChannelOptions.Types.WriteBufferWaterMark(low: 1, high: hub.limits.outputBacklog)
        var bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: mark)
            // One bounded read at a time, so that a pause takes effect at once.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16_384)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try accept(channel, hub, tls) }
            }
        if address.contains(":") {
            bootstrap = bootstrap.serverChannelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only), value: 1)
        }
        return try await bootstrap.bind(host: address, port: Int(port)).get()
    }

    private static func accept(_ channel: any Channel, _ hub: RadSecHub, _ tls: ReloadingTLSContext) throws {
        guard hub.admit(channel), let remote = channel.remoteAddress, let text = remote.ipAddress,
            let peer = PeerAddress(text: text, port: UInt16(clamping: remote.port ?? 0))
        else { throw StreamFailure(fault: .tooManyConnections, detail: "") }
        let session = try TLSSession(tls.current)
        try channel.pipeline.syncOperations.addHandlers(
            TLSChannelHandler(session, limits: hub.limits), RadSecServerHandler(hub: hub, address: peer))
    }

    /// Accepts connections, and watches the certificates until the task is cancelled. Before it is known which NAS there
    /// are, connections wait: nobody's certificate is unknown because the store is slow.
    func run() async {
        for await _ in Ticker(interval: .milliseconds(50), clock: ContinuousClock()) where hub.directory.generation > 0
        {
            break
        }
        for channel in channels { try? await channel.setOption(.autoRead, value: true).get() }
        await tls.run()
    }

    /// Accepts no more connections.
    func stopAccepting() async { for channel in channels { try? await channel.close() } }

    /// Ends every connection.
    func close() async {
        await stopAccepting()
        for channel in hub.channels { try? await channel.close() }
    }
}
