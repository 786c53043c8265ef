public import Logging
public import ServiceLifecycle
public import Store

import Foundation
import Hummingbird
import HummingbirdCore
import NIOCore

/// The captive portal: HTTP and HTTPS listeners over one ``Portal``, following the change feed.
public struct PortalService: Service {
    private let portal: Portal
    private let configuration: PortalConfiguration
    private let certificate: ReloadingCertificate?
    private let ready: @Sendable (Bool, Int) async -> Void
    private let logger: Logger

    /// A portal over `store`.
    ///
    /// Throws `.configuration` when the texts or the certificate cannot be used: each fault with file and line.
    /// - Parameters:
    ///   - ready: told of each listener once it accepts connections: whether it is HTTPS, and its port.
    public init(
        configuration: PortalConfiguration, store: PortalStore, equipment: PortalEquipment,
        logger: Logger, ready: @escaping @Sendable (_ isSecure: Bool, _ port: Int) async -> Void = { _, _ in }
    ) throws(PortalError) {
        let texts = try PortalTexts.load(from: configuration.textsDirectory)
        let backend = PortalBackend(store: store, timeout: configuration.databaseTimeout, logger: logger)
        certificate = try configuration.certificate.map { (files) throws(PortalError) in
            try ReloadingCertificate(files, logger: logger)
        }
        portal = Portal(
            configuration: configuration, texts: texts, backend: backend, equipment: equipment, logger: logger)
        (self.configuration, self.ready, self.logger) = (configuration, ready, logger)
    }

    /// Serves until a graceful shutdown: then no new connection is taken, and requests under way are answered.
    public func run() async throws {
        let (portal, logger) = (portal, logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let listener = configuration.http {
                let server = HTTPServerBuilder.http1(configuration: channel)
                let service = application(listener, isSecure: false, server: server)
                group.addTask { try await service.run() }
            }
            if let listener = configuration.https, let certificate {
                let server = HTTPServerBuilder { [channel] responder in
                    ReloadingTLSChannel(
                        base: HTTP1Channel(responder: responder, configuration: channel), certificate: certificate)
                }
                let service = application(listener, isSecure: true, server: server)
                group.addTask { try await service.run() }
            }
            group.addTask { await cancelWhenGracefulShutdown { await Self.follow(portal, logger: logger) } }
            group.addTask { await cancelWhenGracefulShutdown { await PortalMaintenance(portal: portal).run() } }
            try await group.waitForAll()
        }
    }

    private var channel: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            idleTimeout: .nanoseconds(configuration.idleTimeout.nanoseconds),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 24 * 1024, maxHeaderFieldCount: 64))
    }

    private func application(
        _ listener: PortalConfiguration.Listener, isSecure: Bool, server: HTTPServerBuilder
    ) -> Application<PortalResponder> {
        let (ready, limit) = (ready, configuration.maximumConnections)
        return Application(
            responder: PortalResponder(portal: portal, isSecure: isSecure), server: server,
            configuration: ApplicationConfiguration(
                address: .hostname(listener.host, port: listener.port), backlog: 1_024,
                availableConnectionsDelegate: MaximumAvailableConnections(max(1, limit))),
            onServerRunning: { channel in await ready(isSecure, channel.localAddress?.port ?? listener.port) },
            logger: logger)
    }

    /// Drops what the database says changed.
    private static func follow(_ portal: Portal, logger: Logger) async {
        for await event in portal.backend.store.changes(logger: logger) {
            switch event {
            case .change(let change):
                switch change.subject {
                case .site, .nas:
                    portal.sites.invalidate()
                    portal.gateways.invalidate()
                case .voucher, .loginGrant, .account, .source, .injunction: break
                }
            case .resync:
                portal.sites.invalidate()
                portal.gateways.invalidate()
            case .current, .lost: break
            }
        }
    }
}

extension Duration {
    fileprivate var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : whole &+ attoseconds / 1_000_000_000
    }
}
