internal import Logging
internal import NIOCore
internal import NIOPosix
internal import OpenSSL
internal import RADIUS
import Synchronization

/// Where a RadSec server of somebody else's is, and what we show and demand.
struct RadSecClientConfiguration: Sendable {
    /// A name or a numeric address.
    var host: String
    var port: UInt16 = 2083
    /// Our certificate, and who vouches for the server.
    var files: TLSFiles
    /// The name the server's certificate must have; nil: `host`.
    var serverName: String?
    /// Whether RADIUS/1.1 is offered (RFC 9765).
    var offersVersion11 = true
    var connectDeadline: Duration = .seconds(10)
    var limits = RadSecLimits()
    /// The first and the longest wait before the next attempt; each is twice the one before, more or less.
    var backoff: (first: Duration, longest: Duration) = (.milliseconds(500), .seconds(60))

    init(host: String, port: UInt16 = 2083, files: TLSFiles) {
        (self.host, self.port, self.files) = (host, port, files)
    }
}

/// A connection to a RadSec server (RFC 6614) that is made again whenever it ends: TLS with certificates both ways,
/// framing, and answers matched to requests by identifier or token. Whether the server is alive is for the caller to ask
/// (Status-Server), who also checks the answers' authenticators with the secret "radsec".
///
/// Bound: 256 requests at a time; what does not fit is `.notSent`.
final class RadSecClientConnection: Sendable {
    enum Event: Sendable {
        /// Connected; requests are in this version from now on.
        case up(ProtocolVersion)
        /// Not connected any more, or not at all: why, for the log.
        case down(String)
        /// A request of the server to us: CoA or Disconnect (RFC 5176). ``send(_:)`` takes the answer.
        case request([UInt8])
    }

    /// What is told of a connection's end when nothing else is known of it.
    static let ended = "ended"

    private let configuration: RadSecClientConfiguration
    private let tls: ReloadingTLSContext
    private let logger: Logger
    private let notify: @Sendable (Event) -> Void
    private let port = Mutex<StreamPort?>(nil)

    /// Reads the certificates; throws `.configuration` naming what cannot be used. `notify` is called on any thread.
    init(
        _ configuration: RadSecClientConfiguration, logger: Logger,
        notify: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(AccessError) {
        (self.configuration, self.logger, self.notify) = (configuration, logger, notify)
        let versions: [ProtocolVersion] = configuration.offersVersion11 ? [.radius11, .radius10] : [.radius10]
        let name = configuration.serverName ?? configuration.host
        tls = try ReloadingTLSContext(configuration.files, logger: logger) { settings in
            settings.role = .client
            settings.verifyName = name
            settings.applicationProtocols = versions.map(\.rawValue)
        }
    }

    /// The version that requests are made in now; nil: not connected.
    var version: ProtocolVersion? { port.withLock { $0?.version } }

    /// Sends a request that `make` makes, and waits for what is said to be its answer.
    func exchange(
        timeout: Duration, _ make: (ProxyRelay.Envelope) -> SignedRequest?
    ) async -> StreamReply {
        await withCheckedContinuation { continuation in
            request(timeout: timeout, make) { continuation.resume(returning: $0) }
        }
    }

    /// The same for who does not wait; `completion` is called once, on any thread.
    func request(
        timeout: Duration, _ make: (ProxyRelay.Envelope) -> SignedRequest?,
        _ completion: @escaping @Sendable (StreamReply) -> Void
    ) {
        guard let port = port.withLock(\.self) else { return completion(.notSent) }
        port.request(timeout: timeout, make, completion)
    }

    /// Sends a packet that expects no answer: ours to a request of the server.
    func send(_ packet: [UInt8]) { port.withLock(\.self)?.post(.packet(packet)) }

    /// Ends the connection there is, if any; another is made.
    func end(_ fault: StreamFault) { port.withLock(\.self)?.post(.end(fault)) }

    /// Keeps the connection until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.tls.run() }
            await self.keep()
            group.cancelAll()
        }
    }

    private func keep() async {
        var wait = configuration.backoff.first
        while !Task.isCancelled {
            let begun = ContinuousClock.now
            let reason = await live()
            port.withLock { $0 = nil }
            notify(.down(reason))
            // A connection that held for a while was a good one: its end is no reason to wait long.
            if ContinuousClock.now - begun > configuration.backoff.longest { wait = configuration.backoff.first }
            logger.debug(
                "a RadSec server is not connected",
                metadata: ["server": "\(configuration.host)", "reason": "\(reason)"])
            // The back-off between attempts, never the same for two nodes: a server that is away announces its return to nobody.
            do { try await Task.sleep(for: wait * Double.random(in: 0.8...1.2)) } catch { return }
            wait = min(wait * 2, configuration.backoff.longest)
        }
    }

    /// Connects, and waits for the end of the connection; says why it ended.
    private func live() async -> String {
        let (context, limits, notify) = (tls.current, configuration.limits, notify)
        do {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(configuration.connectDeadline))
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(
                    .writeBufferWaterMark,
                    value: ChannelOptions.Types.WriteBufferWaterMark(low: 1, high: limits.outputBacklog)
                )
                .channelOption(.maxMessagesPerRead, value: 1)
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16_384))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = RadSecClientHandler(limits: limits, notify: notify) { [weak self] port in
                            self?.port.withLock { $0 = port }
                        }
                        try channel.pipeline.syncOperations.addHandlers(
                            TLSChannelHandler(try TLSSession(context), limits: limits), handler)
                    }
                }
                .connect(host: configuration.host, port: Int(configuration.port)).get()
            return await withTaskCancellationHandler {
                do {
                    try await channel.closeFuture.get()
                    return Self.ended
                } catch { return "\(error)" }
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            return "\(error)"
        }
    }
}
