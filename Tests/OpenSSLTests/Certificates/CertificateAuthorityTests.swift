import OpenSSL
import Testing

@Suite struct CertificateAuthorityTests {
    private let start: Int64 = 1_750_000_000
    private var year: CertificateValidity { CertificateValidity(days: 365, from: start) }

    private func authority(name: String = "Département de la Meuse") throws -> CertificateAuthority {
        try CertificateAuthority.create(
            name: name, organization: "Meuse", validity: CertificateValidity(days: 3650, from: start))
    }

    @Test(arguments: PrivateKey.Kind.allCases)
    func `a server's certificate reads back as it was asked for`(kind: PrivateKey.Kind) throws {
        let authority = try authority()
        let key = try PrivateKey.generate(kind)
        let profile = CertificateProfile.server(name: "radius.example.fr", organization: "Meuse", validity: year)
        let made = try authority.issue(profile, for: key)
        let read = try Certificate(pem: made.pem)
        #expect(read == made)
        #expect(read.commonName == "radius.example.fr")
        #expect(read.subject == "CN=radius.example.fr,O=Meuse")
        #expect(read.issuer == "CN=Département de la Meuse,O=Meuse")
        #expect(read.alternativeNames == [.dns("radius.example.fr")])
        #expect(read.purposes == [.serverAuthentication])
        #expect(read.validity == year)
        #expect(read.serial.octets.count == 16)
        #expect(!read.isAuthority)
        #expect(key.isRSA == (kind == .rsa2048))
        #expect(key.belongs(to: read))
        #expect(read.isSigned(by: authority.certificate))
        #expect(read.fingerprint == Digest.sha256(read.der))
    }

    @Test func `a client's certificate carries its identity as mail address and as principal name`() throws {
        let key = try PrivateKey.generate()
        let made = try authority().issue(.client(identity: "alice@staff.example.fr", validity: year), for: key)
        #expect(
            made.alternativeNames == [.email("alice@staff.example.fr"), .userPrincipalName("alice@staff.example.fr")])
        #expect(made.purposes == [.clientAuthentication])
        let accented = try authority().issue(.client(identity: "éloïse@écoles.fr", validity: year), for: key)
        #expect(accented.alternativeNames == [.userPrincipalName("éloïse@écoles.fr")])
        #expect(accented.commonName == "éloïse@écoles.fr")
    }

    @Test func `a RadSec peer's certificate is for both sides, and every kind of name reads back`() throws {
        var profile = CertificateProfile.radSec(name: "radsec.example.fr", validity: year)
        profile.alternativeNames += [
            .naiRealm("example.fr"), .address([192, 0, 2, 1]), .address([UInt8](repeating: 9, count: 16)),
            .uri("urn:nas:1"),
        ]
        let made = try authority().issue(profile, for: PrivateKey.generate())
        #expect(made.alternativeNames == profile.alternativeNames)
        #expect(made.purposes == [.serverAuthentication, .clientAuthentication])
    }

    @Test func `openssl verifies the chain for the purpose it is for and no other`() throws {
        let authority = try authority()
        let server = try authority.issue(.server(name: "radius.example.fr", validity: year), for: .generate(.rsa2048))
        let client = try authority.issue(.client(identity: "a@example.fr", validity: year), for: .generate())
        let files = ["ca.pem": try authority.certificate.pem, "s.pem": try server.pem, "c.pem": try client.pem]
        try OpenSSLProgram.withFiles(files) { folder in
            func verify(_ purpose: String, _ file: String, _ extra: [String] = []) throws -> OpenSSLProgram.Outcome {
                try OpenSSLProgram.run(
                    ["verify", "-x509_strict", "-CAfile", "ca.pem", "-attime", "\(start + 60)", "-purpose", purpose]
                        + extra + [file], in: folder)
            }
            let good = try verify("sslserver", "s.pem", ["-verify_hostname", "radius.example.fr"])
            #expect(good.status == 0, "\(good.output)")
            #expect(try verify("sslclient", "c.pem").status == 0)
            #expect(try verify("sslclient", "s.pem").status != 0)
            #expect(try verify("sslserver", "c.pem").status != 0)
            #expect(try verify("sslserver", "s.pem", ["-verify_hostname", "other.example.fr"]).status != 0)
        }
    }

    @Test func `a server's certificate may last 825 days and not 826 (Apple HT210176); a client's may`() throws {
        func profile(_ days: Int) -> CertificateProfile {
            .server(name: "radius.example.fr", validity: CertificateValidity(days: days, from: start))
        }
        try profile(825).validate()
        #expect(throws: OpenSSLError(.profileInvalid, "")) { try profile(826).validate() }
        try CertificateProfile.client(
            identity: "a@b.fr", validity: CertificateValidity(days: 826, from: start)
        ).validate()
    }

    @Test(arguments: [
        "", "-a.fr", "a-.fr", "a..fr", "a.fr.", "*.a.fr", "a b.fr", "a\u{0}.fr", "é.fr", "a_b.fr",
        String(repeating: "a", count: 64) + ".fr",
    ])
    func `a host name that is none is refused`(name: String) {
        #expect(throws: OpenSSLError(.profileInvalid, "")) {
            try CertificateProfile.server(name: name, validity: year).validate()
        }
    }

    @Test func `a name of 64 characters is carried and one of 65 refused (RFC 5280 appendix A.1)`() throws {
        let longest = String(repeating: "é", count: 64)
        #expect(try authority(name: longest).certificate.commonName == longest)
        #expect(throws: OpenSSLError(.profileInvalid, "")) { try authority(name: longest + "é") }
        #expect(throws: OpenSSLError(.profileInvalid, "")) { try authority(name: "") }
        #expect(throws: OpenSSLError(.profileInvalid, "")) { try authority(name: "a\nb") }
        #expect(throws: OpenSSLError(.profileInvalid, "")) { try authority(name: "a\u{0}b") }
    }

    @Test func `a period that ends before it starts, starts before 1970 or ends after 9999 is refused`() {
        let latest = CertificateValidity.latest
        for validity in [
            CertificateValidity(notBefore: 2, notAfter: 1), CertificateValidity(notBefore: -1, notAfter: 1),
            CertificateValidity(notBefore: 1, notAfter: latest + 1), CertificateValidity(days: .max, from: start),
            CertificateValidity(days: 1, from: .max),
        ] {
            #expect(!validity.isSound)
            #expect(throws: OpenSSLError(.profileInvalid, "")) {
                try CertificateAuthority.create(name: "A", validity: validity)
            }
        }
        #expect(CertificateValidity(notBefore: 0, notAfter: latest).isSound)
    }

    @Test func `a period to the last second of 9999 is written and read`() throws {
        let validity = CertificateValidity(notBefore: 0, notAfter: CertificateValidity.latest)
        #expect(try CertificateAuthority.create(name: "A", validity: validity).certificate.validity == validity)
    }

    @Test func `an authority needs an authority's certificate and its own key`() throws {
        let authority = try authority()
        let key = try PrivateKey.generate()
        let leaf = try authority.issue(.server(name: "a.fr", validity: year), for: key)
        #expect(throws: OpenSSLError(.keyMismatch, "")) { try CertificateAuthority(certificate: leaf, key: key) }
        #expect(throws: OpenSSLError(.keyMismatch, "")) {
            try CertificateAuthority(certificate: authority.certificate, key: key)
        }
        let again = try CertificateAuthority(certificate: authority.certificate, key: authority.key)
        #expect(again.certificate.isSigned(by: authority.certificate))
    }

    @Test func `another authority of the same name did not sign it`() throws {
        let made = try authority().issue(.server(name: "a.fr", validity: year), for: .generate())
        #expect(try !made.isSigned(by: authority().certificate))
        #expect(!made.isSigned(by: made))
    }
}
