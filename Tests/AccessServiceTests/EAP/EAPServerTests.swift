import EAP
import Foundation
import Logging
import OpenSSL
import Store
import Testing

@testable import AccessService

@Suite struct EAPServerTests {
    private let keys = InstallationKeys(.random())

    private func server(_ files: EAPFiles, _ configure: (inout EAPConfiguration) -> Void = { _ in }) -> EAPServer {
        var configuration = files.configuration
        configure(&configuration)
        return EAPServer(
            configuration, keys: keys, clock: .system, logger: Logger(label: "eap") { _ in SwiftLogNoOpLogHandler() })
    }

    /// The serial of the certificate that a client is shown.
    private func shown(_ server: EAPServer, _ files: EAPFiles) throws -> CertificateSerial? {
        var settings = TLSSettings(role: .client)
        settings.trustAnchors = try files.authority.certificate.pem
        settings.verifyName = EAPFiles.serverName
        let peer = EAPPeer(
            EAPPeerSettings(
                method: .ttlsPAP, outerIdentity: "a", user: "a", password: "b", tls: try TLSContext(settings)))
        let conversation = EAPConversation(try #require(server.settings))
        var message = peer.identityResponse()
        for _ in 0..<20 {
            switch try conversation.receive(message) {
            case .send(let request):
                guard case .send(let response) = try peer.receive(request) else { return nil }
                message = response
            case .verify:
                guard
                    case .finished(.success(_, let packet)) = try conversation.answer(.accept(cachedAuthorization: nil)),
                    case .success(let success) = try peer.receive(packet)
                else { return nil }
                return success.serverCertificates.first?.serial
            case .resumed, .finished: return nil
            }
        }
        return nil
    }

    @Test func `a renewed certificate is served without a restart, and a broken one is not`() throws {
        let files = try EAPFiles()
        let server = server(files)
        #expect(server.settings == nil)
        server.refresh()
        let first = try shown(server, files)
        #expect(first != nil)
        let renewed = try files.renewServer()
        server.refresh()
        #expect(try shown(server, files) == renewed && renewed != first)
        try files.write(try PrivateKey.generate().pem(), "server.key")
        server.refresh()
        #expect(try shown(server, files) == renewed, "a key of another certificate")
        try files.write(Array("nonsense".utf8), "server.pem")
        server.refresh()
        #expect(try shown(server, files) == renewed)
        let last = try files.renewServer()
        server.refresh()
        #expect(try shown(server, files) == last)
    }

    @Test func `files that are not there leave EAP off until they are`() throws {
        let files = try EAPFiles()
        let server = server(files) { $0.certificatePath = files.path("later.pem") }
        server.refresh()
        #expect(server.settings == nil)
        try FileManager.default.copyItem(atPath: files.path("server.pem"), toPath: files.path("later.pem"))
        server.refresh()
        #expect(server.settings != nil)
    }

    @Test func `EAP-TLS is offered where there is an authority to trust`() throws {
        let files = try EAPFiles()
        let without = server(files) { ($0.clientAuthorityPath, $0.revocationListPath) = (nil, nil) }
        without.refresh()
        #expect(without.settings?.methods == [.ttls, .peap])
        let with = server(files)
        with.refresh()
        #expect(with.settings?.methods == [.ttls, .peap, .tls])
    }

    @Test func `ticket keys are the installation's and last from one week into the next`() throws {
        let one = EAPTicketKeys(keys: keys, lifetime: .seconds(3600))
        let monday = try #require(one.keys(of: 2_900)), next = try #require(one.keys(of: 2_901))
        #expect(monday.current.count == TLSTicketKeys.keyLength && monday.lifetimeSeconds == 3600)
        #expect(next.previous == monday.current && next.current != monday.current)
        #expect(EAPTicketKeys(keys: keys, lifetime: .seconds(3600)).keys(of: 2_900)?.current == monday.current)
        let other = EAPTicketKeys(keys: InstallationKeys(.random()), lifetime: .seconds(3600))
        #expect(other.keys(of: 2_900)?.current != monday.current)
        #expect(EAPTicketKeys(keys: keys, lifetime: .zero).keys(of: 2_900) == nil)
        #expect(EAPTicketKeys.period(Date(timeIntervalSince1970: 604_799)) == 0)
        #expect(EAPTicketKeys.period(Date(timeIntervalSince1970: 604_800)) == 1)
    }

    @Test func `a configuration tells all that is wrong with it`() throws {
        var configuration = EAPConfiguration(certificatePath: "a", keyPath: "b")
        #expect(configuration.validate() == [])
        configuration.methods = ["ttls", "leap"]
        configuration.tlsVersions = ["1.1"]
        configuration.conversations = 0
        configuration.silence = .zero
        configuration.resumption = .seconds(604_801)
        #expect(configuration.validate().count == 5)
        configuration.resumption = .seconds(604_800)
        #expect(configuration.validate().count == 4)
    }
}
