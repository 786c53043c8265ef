import CLinux
import Foundation
import Glibc
import OpenSSL
import RADIUS
import Store
import Synchronization
import Testing

@testable import AccessService

@Suite(.serialized) struct RadSecClientTests {
    /// What a connection has told.
    final class Events: Sendable {
        private let events = BatchInbox<RadSecClientConnection.Event>(capacity: 1000)

        func note(_ event: RadSecClientConnection.Event) { _ = events.append(event) }

        /// Waits for the next event that `match` takes.
        func first<Value>(_ match: (RadSecClientConnection.Event) -> Value?) async -> Value? {
            while true {
                guard let event = await events.next(limit: 1).first else { return nil }
                if let value = match(event) { return value }
            }
        }

        func up() async -> ProtocolVersion? {
            await first { if case .up(let version) = $0 { version } else { nil } }
        }

        func down() async -> String? {
            await first { if case .down(let reason) = $0 { reason } else { nil } }
        }

        func request() async -> [UInt8]? {
            await first { if case .request(let packet) = $0 { packet } else { nil } }
        }
    }

    /// Runs a connection while `body` runs; waits until it is up.
    static func connected(
        _ configuration: RadSecClientConfiguration, events: Events = Events(),
        _ body: (RadSecClientConnection) async throws -> Void
    ) async throws {
        let connection = try RadSecClientConnection(
            configuration, logger: Deployment.logger, notify: { events.note($0) })
        let running = Task { await connection.run() }
        defer { running.cancel() }
        _ = await events.up()
        try await body(connection)
        running.cancel()
        await running.value
    }

    static func configuration(_ ground: RadSecGround, _ port: UInt16) -> RadSecClientConfiguration {
        var configuration = RadSecClientConfiguration(host: "127.0.0.1", port: port, files: ground.files("nas"))
        configuration.serverName = "radius.example.fr"
        configuration.backoff = (.milliseconds(50), .milliseconds(200))
        return configuration
    }

    @Test(arguments: [false, true])
    func `logs in at our own server, in either version`(version11: Bool) async throws {
        try await RadSecGround.with { ground in
            try await ground.serve { deployment, port in
                let code = try await deployment.ground.voucher().code.canonical
                var configuration = Self.configuration(ground, port)
                configuration.offersVersion11 = version11
                try await Self.connected(configuration) { connection in
                    #expect(connection.version == (version11 ? .radius11 : .radius10))
                    let reply = try await connection.login(code, code)
                    #expect(reply?.code == .accessAccept)
                    await withTaskGroup(of: Bool.self) { group in
                        for _ in 0..<100 {
                            group.addTask { (try? await connection.login(code, code))?.code == .accessAccept }
                        }
                        for await isAccepted in group { #expect(isAccepted) }
                    }
                }
            }
        }
    }

    @Test func `comes back after the server has ended the connection, and fails what waits meanwhile`() async throws {
        try await RadSecGround.with { ground in
            try await ground.serve(limits: { $0.idleLimit = .milliseconds(300) }) { _, port in
                let events = Events()
                try await Self.connected(Self.configuration(ground, port), events: events) { connection in
                    #expect(await events.down() != nil)
                    #expect(await events.up() != nil)
                    let reply = await connection.exchange(timeout: .seconds(5)) { RadSecClientConnection.status($0) }
                    guard case .packet = reply else {
                        Issue.record("\(reply)")
                        return
                    }
                }
            }
        }
    }

    @Test func `says why a server is not connected: its name, its authority, our certificate`() async throws {
        try await RadSecGround.with { ground in
            let other = try CertificateAuthority.create(name: "Autre", validity: RadSecGround.validity(days: 100))
            try ground.issue("foreign", name: RadSecGround.nasName, by: other)
            try await ground.serve { _, port in
                var wrongName = Self.configuration(ground, port)
                wrongName.serverName = "other.example.fr"
                var foreign = Self.configuration(ground, port)
                foreign.files = ground.files("foreign")
                for (configuration, expected) in [(wrongName, "certificateNameMismatch"), (foreign, "alertReceived")] {
                    let events = Events()
                    let connection = try RadSecClientConnection(
                        configuration, logger: Deployment.logger, notify: { events.note($0) })
                    let running = Task { await connection.run() }
                    let reason = await events.down()
                    #expect(reason?.contains(expected) == true, "\(reason ?? "")")
                    running.cancel()
                    await running.value
                }
            }
        }
    }

    @Test func `a request without a connection is not sent`() async throws {
        try await RadSecGround.with { ground in
            let connection = try RadSecClientConnection(Self.configuration(ground, 1), logger: Deployment.logger)
            let reply = await connection.exchange(timeout: .seconds(1)) { RadSecClientConnection.status($0) }
            guard case .notSent = reply else {
                Issue.record("\(reply)")
                return
            }
        }
    }
}

extension RadSecClientConnection {
    /// A Status-Server in either version.
    static func status(_ envelope: ProxyRelay.Envelope) -> SignedRequest? {
        try? SharedSecret(RadSecGround.secret).statusServer(in: envelope)
    }

    /// A PAP login; nil without an answer that verifies.
    func login(_ name: String, _ password: String) async throws -> Packet? {
        let sent = Mutex<SentRequest?>(nil)
        let reply = await exchange(timeout: .seconds(8)) { envelope in
            let request: SignedRequest? =
                switch envelope {
                case .radius10(let identifier, let authenticator):
                    try? SharedSecret(RadSecGround.secret).accessRequest(
                        identifier: identifier, authenticator: authenticator, userName: name,
                        password: Array(password.utf8))
                case .radius11(let token):
                    try? SignedRequest(
                        .accessRequest, token: token,
                        attributes: [Attribute(.userName, text: name), Attribute(.userPassword, text: password)])
                }
            sent.withLock { $0 = request?.sent }
            return request
        }
        guard case .packet(let octets) = reply, let sent = sent.withLock(\.self) else { return nil }
        return try SharedSecret(RadSecGround.secret).reply(
            in: octets, to: sent, version: version ?? .radius10)
    }
}
