import AccessService
import Foundation
import OpenSSL

/// The files of an EAP server and of its visitors, made by an authority of the test.
struct EAPFiles: Sendable {
    static let serverName = "radius.trou.example"
    let directory: ScratchDirectory
    let authority: CertificateAuthority
    private let now = Int64(Date().timeIntervalSince1970)

    /// An authority and a server's certificate; `devices` are to show certificates of the same authority.
    init() throws {
        directory = try ScratchDirectory()
        let now = Int64(Date().timeIntervalSince1970)
        authority = try CertificateAuthority.create(
            name: "Trou-sous-Bois", validity: CertificateValidity(days: 30, from: now - 3600))
        try write(authority.certificate.pem, "ca.pem")
        try renewServer()
        try revoke([])
    }

    func path(_ name: String) -> String { directory.path + "/" + name }

    func write(_ octets: [UInt8], _ name: String) throws {
        try Data(octets).write(to: URL(fileURLWithPath: path(name)), options: .atomic)
    }

    /// A new certificate and key for the server; its serial.
    @discardableResult
    func renewServer() throws -> CertificateSerial {
        let key = try PrivateKey.generate()
        let validity = CertificateValidity(days: 20, from: now - 3600)
        let certificate = try authority.issue(.server(name: Self.serverName, validity: validity), for: key)
        try write(certificate.pem, "server.pem")
        try write(key.pem(), "server.key")
        return certificate.serial
    }

    /// A device's certificate and key, as `NAME.pem` and `NAME.key`.
    func device(_ name: String, identity: String, days: Int = 20) throws -> Certificate {
        let key = try PrivateKey.generate()
        let validity = CertificateValidity(notBefore: now - 7200, notAfter: now - 3600 + Int64(days) * 86_400)
        let certificate = try authority.issue(.client(identity: identity, validity: validity), for: key)
        try write(certificate.pem, name + ".pem")
        try write(key.pem(), name + ".key")
        return certificate
    }

    /// The revocation list.
    func revoke(_ certificates: [Certificate]) throws {
        let entries = certificates.map { RevocationList.Entry(serial: $0.serial, revokedAt: now - 60) }
        let list = try authority.revocationList(
            entries, number: UInt64(entries.count + 1), validity: CertificateValidity(days: 7, from: now - 3600))
        try write(list.pem, "crl.pem")
    }

    /// The server's configuration.
    var configuration: EAPConfiguration {
        var eap = EAPConfiguration(certificatePath: path("server.pem"), keyPath: path("server.key"))
        eap.clientAuthorityPath = path("ca.pem")
        eap.revocationListPath = path("crl.pem")
        eap.threads = 1
        return eap
    }
}
