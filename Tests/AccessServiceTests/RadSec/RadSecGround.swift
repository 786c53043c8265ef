import AccessService
import Foundation
import OpenSSL
import RADIUS
import Store
import Territory

/// Certificates of an authority of its own in a directory, and a daemon that serves RadSec with them.
struct RadSecGround: Sendable {
    static let nasName = "ap-1.example.fr"
    /// The secret of all RADIUS over TLS (RFC 6614 §2.3).
    static let secret = Array("radsec".utf8)

    let directory: URL
    let authority: CertificateAuthority

    /// Makes the authority, the server's certificate and that of a NAS; the directory goes when `body` has ended.
    static func with(_ body: (RadSecGround) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "socle-radsec-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let authority = try CertificateAuthority.create(name: "Essai", validity: validity(days: 3650))
        let ground = RadSecGround(directory: directory, authority: authority)
        try ground.write("ca.pem", try authority.certificate.pem)
        try ground.issue("server", name: "radius.example.fr")
        try ground.issue("nas", name: nasName)
        try ground.revoke([])
        try await body(ground)
    }

    static func validity(days: Int, from offset: Int64 = -86_400) -> CertificateValidity {
        CertificateValidity(days: days, from: Int64(Date().timeIntervalSince1970) + offset)
    }

    func path(_ name: String) -> String { directory.appending(path: name).path }

    func write(_ name: String, _ octets: [UInt8]) throws { try Data(octets).write(to: directory.appending(path: name)) }

    /// A certificate and its key in `file`.pem and `file`.key.
    @discardableResult
    func issue(
        _ file: String, name: String, by issuer: CertificateAuthority? = nil,
        validity: CertificateValidity = Self.validity(days: 300)
    ) throws -> Certificate {
        let key = try PrivateKey.generate()
        let certificate = try (issuer ?? authority).issue(.radSec(name: name, validity: validity), for: key)
        try write("\(file).pem", try certificate.pem)
        try write("\(file).key", try key.pem())
        return certificate
    }

    func revoke(_ certificates: [Certificate], number: UInt64 = 1) throws {
        let entries = certificates.map {
            RevocationList.Entry(serial: $0.serial, revokedAt: Int64(Date().timeIntervalSince1970) - 60)
        }
        let list = try authority.revocationList(entries, number: number, validity: Self.validity(days: 30))
        try write("crl.pem", try list.pem)
    }

    func files(_ name: String = "server", revocations: Bool = true) -> TLSFiles {
        TLSFiles(
            certificate: path("\(name).pem"), key: path("\(name).key"), authorities: path("ca.pem"),
            revocations: revocations ? path("crl.pem") : nil)
    }

    /// Runs a daemon with one NAS that is known by its certificate alone.
    func serve(
        nas: NewNAS = .radSec(), limits: (inout RadSecLimits) -> Void = { _ in },
        _ body: (Deployment, UInt16) async throws -> Void
    ) async throws {
        var settings = RadSecConfiguration(files: files())
        settings.port = 0
        limits(&settings.limits)
        try await Deployment.with(nas: nas, configure: { $0.radSec = settings }) { deployment in
            try await body(deployment, deployment.bound.first?.radSecPort ?? 0)
        }
    }

    /// A TLS client with a certificate of this directory.
    func settings(_ name: String? = "nas", protocols: [ProtocolVersion] = []) throws -> TLSSettings {
        var settings = TLSSettings(role: .client)
        settings.trustAnchors = try read("ca.pem")
        settings.verifyName = "radius.example.fr"
        settings.applicationProtocols = protocols.map(\.rawValue)
        if let name {
            settings.certificateChain = try read("\(name).pem")
            settings.privateKey = try read("\(name).key")
        }
        return settings
    }

    /// A TLS server with a certificate of this directory that asks its clients for one.
    func serverSettings(_ name: String = "server") throws -> TLSSettings {
        var settings = TLSSettings(role: .server)
        settings.trustAnchors = try read("ca.pem")
        settings.certificateChain = try read("\(name).pem")
        settings.privateKey = try read("\(name).key")
        settings.peerCertificate = .required
        return settings
    }

    private func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: directory.appending(path: name))) }
}

extension NewNAS {
    /// A NAS that is known by its certificate alone.
    static func radSec(_ name: String = RadSecGround.nasName, profile: String = "wispr") -> NewNAS {
        NewNAS(
            name: "ap-1", profile: profile, certificateName: name, secret: Secret(text: "not used over TLS"))
    }
}
