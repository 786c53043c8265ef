internal import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// The sockets of the archive. All are bound before anything is taken in, and closed before the archive ends.
struct IntakeListeners: Sendable {
    /// What a listener is for, and its port.
    struct Bound: Sendable, Hashable {
        enum Role: String, Sendable { case syslogUDP, syslogTCP, syslogTLS, flows }
        var role: Role
        var host: String
        var port: Int
    }

    /// Octets of kernel memory asked for the sockets of datagrams: a burst must outlast a commit.
    static let receiveBuffer = 8 << 20
    /// Connections at a time, over all listeners: each may hold a message of its own.
    static let connections = 1_024
    /// Connections waiting to be accepted.
    static let backlog: Int32 = 256

    let bound: [Bound]
    private let channels: [any Channel]

    /// Parts that every listener needs.
    struct Parts: Sendable {
        let register: SourceRegister
        let queue: IntakeQueue
        let templates: FlowTemplates
        let clock: RetentionClock
        let logger: Logger
        let connections = ConnectionCount(limit: IntakeListeners.connections)
    }

    /// Binds. Throws `.listen` with the address, or `.configuration` for certificates that cannot be used.
    init(_ configuration: RetentionConfiguration, _ parts: Parts, group: any EventLoopGroup) async throws {
        var (channels, bound): ([any Channel], [Bound]) = ([], [])
        func keep(_ role: Bound.Role, _ listening: RetentionConfiguration.Listening, _ channel: any Channel) {
            channels.append(channel)
            bound.append(Bound(role: role, host: listening.host, port: channel.localAddress?.port ?? listening.port))
        }
        do {
            for listening in configuration.syslogUDP {
                keep(.syslogUDP, listening, try await Self.datagrams(listening, group) { SyslogDatagrams(parts) })
            }
            for listening in configuration.flows {
                keep(.flows, listening, try await Self.datagrams(listening, group) { FlowDatagrams(parts) })
            }
            let most = configuration.maximumMessage
            for listening in configuration.syslogTCP {
                keep(.syslogTCP, listening, try await Self.streams(listening, group, nil, parts, most))
            }
            for tls in configuration.syslogTLS {
                let context = try Self.context(tls)
                keep(.syslogTLS, tls.listening, try await Self.streams(tls.listening, group, context, parts, most))
            }
        } catch {
            for channel in channels { try? await channel.close() }
            throw error
        }
        (self.channels, self.bound) = (channels, bound)
    }

    /// Takes nothing more.
    func close() async { for channel in channels { try? await channel.close() } }

    private static func datagrams(
        _ listening: RetentionConfiguration.Listening, _ group: any EventLoopGroup,
        _ handler: @escaping @Sendable () -> any ChannelInboundHandler
    ) async throws(RetentionError) -> any Channel {
        let bootstrap = DatagramBootstrap(group: group)
            .channelOption(.socketOption(.so_rcvbuf), value: SocketOptionValue(receiveBuffer))
            .channelOption(.datagramVectorReadMessageCount, value: 32)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 32 * 65_536))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(handler()) }
            }
        do { return try await bootstrap.bind(host: listening.host, port: listening.port).get() } catch {
            throw RetentionError(.listen, "UDP \(listening.host) port \(listening.port): \(error)")
        }
    }

    private static func streams(
        _ listening: RetentionConfiguration.Listening, _ group: any EventLoopGroup, _ tls: NIOSSLContext?,
        _ parts: Parts, _ maximumMessage: Int
    ) async throws(RetentionError) -> any Channel {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            // One bounded read at a time, so that a pause takes effect at once.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 65_536))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard parts.connections.admit(channel) else {
                        throw RetentionError(.listen, "more than \(connections) connections")
                    }
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(
                        SyslogStream(
                            parts.register, parts.queue, isTLS: tls != nil, maximumMessage: maximumMessage,
                            clock: parts.clock, logger: parts.logger))
                }
            }
        do { return try await bootstrap.bind(host: listening.host, port: listening.port).get() } catch {
            throw RetentionError(.listen, "TCP \(listening.host) port \(listening.port): \(error)")
        }
    }

    /// Both sides show a certificate; a sender's names are looked up among the sources afterwards.
    private static func context(_ tls: RetentionConfiguration.TLS) throws(RetentionError) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(tls.certificate).map {
                NIOSSLCertificateSource.certificate($0)
            }
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain, privateKey: .privateKey(try NIOSSLPrivateKey(file: tls.key, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(tls.authorities))
            return try NIOSSLContext(configuration: configuration)
        } catch { throw RetentionError(.configuration, "syslog over TLS: \(error)") }
    }
}

extension SyslogDatagrams {
    convenience init(_ parts: IntakeListeners.Parts) { self.init(parts.register, parts.queue, clock: parts.clock) }
}

extension FlowDatagrams {
    convenience init(_ parts: IntakeListeners.Parts) {
        self.init(parts.register, parts.queue, templates: parts.templates, clock: parts.clock)
    }
}
