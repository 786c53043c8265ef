import Foundation
import OpenSSL

/// An authority with a server's and a client's certificate, and the settings that use them.
struct TLSFixture: Sendable {
    static let serverName = "radius.example.fr"
    static let hour: Int64 = 3600

    /// Made once: the tests that need no authority of their own share it.
    static let shared = Result { try TLSFixture() }

    /// TLS checks certificates against the clock of the machine.
    let now = Int64(Date().timeIntervalSince1970)
    let authority: CertificateAuthority
    let serverKey: PrivateKey
    let clientKey: PrivateKey

    init() throws {
        serverKey = try .generate()
        clientKey = try .generate()
        authority = try CertificateAuthority.create(
            name: "Test authority",
            validity: CertificateValidity(notBefore: now - 1000 * Self.hour, notAfter: now + 1000 * Self.hour))
    }

    var valid: CertificateValidity {
        CertificateValidity(notBefore: now - Self.hour, notAfter: now + 24 * Self.hour)
    }

    func server(
        _ versions: ClosedRange<TLSVersion> = .tls12 ... .tls13, validity: CertificateValidity? = nil
    ) throws -> TLSSettings {
        var settings = TLSSettings(role: .server)
        let profile = CertificateProfile.server(name: Self.serverName, validity: validity ?? valid)
        settings.certificateChain = try authority.issue(profile, for: serverKey).pem
        settings.privateKey = try serverKey.pem()
        settings.trustAnchors = try authority.certificate.pem
        settings.versions = versions
        return settings
    }

    func client(_ versions: ClosedRange<TLSVersion> = .tls12 ... .tls13) throws -> TLSSettings {
        var settings = TLSSettings(role: .client)
        settings.trustAnchors = try authority.certificate.pem
        settings.versions = versions
        return settings
    }

    func issueClient(
        by other: CertificateAuthority? = nil, validity: CertificateValidity? = nil
    ) throws -> Certificate {
        try (other ?? authority).issue(
            .client(identity: "device@example.fr", validity: validity ?? valid), for: clientKey)
    }
}

extension TLSSettings {
    mutating func show(_ certificate: Certificate, _ key: PrivateKey) throws {
        certificateChain = try certificate.pem
        privateKey = try key.pem()
    }

    func with(_ change: (inout TLSSettings) throws -> Void) rethrows -> TLSSettings {
        var settings = self
        try change(&settings)
        return settings
    }
}
