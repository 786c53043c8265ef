import Foundation
import OpenSSL
import Territory
import Testing

@testable import socle

@Suite struct PKIWorkshopTests {
    private let start = AuthorityFixture.start

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `init makes an authority whose certificates openssl verifies, and keys that their owner alone reads`()
        throws
    {
        let fixture = try AuthorityFixture()
        let directory = fixture.directory
        for kind in [CertificateKind.server, .radsec] {
            let purposes = kind == .radsec ? ["sslserver", "sslclient"] : ["sslserver"]
            for purpose in purposes {
                let verified = try fixture.openssl(
                    "verify", "-x509_strict", "-CAfile", "ca.pem", "-crl_check", "-CRLfile", "crl.pem", "-attime",
                    "\(start)", "-purpose", purpose, "-verify_hostname", "radius.example.fr", "\(kind.rawValue).pem")
                #expect(verified.status == 0, "\(verified.output)")
            }
            let chain = try Certificate.chain(pem: DurableFile.read(directory.chain(kind), limit: 100_000))
            #expect(chain.count == 2)
            #expect(try directory.privateKey(directory.key(kind)).belongs(to: #require(chain.first)))
            #expect(try mode(directory.key(kind)) == 0o600)
        }
        #expect(try mode(directory.authorityKey) == 0o600)
        #expect(try mode(directory.index) == 0o600)
        #expect(try mode(directory.issued) == 0o700)
        #expect(try mode(directory.revocationList) == 0o644)
        #expect(try directory.readIndex().records.map(\.kind) == [.authority, .server, .radsec])
        let beside = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
        #expect(beside == ["pki"])
    }

    @Test func `a directory with something in it is never written over, and an empty one is taken`() throws {
        let fixture = try AuthorityFixture()
        let before = try DurableFile.read(fixture.directory.authorityKey, limit: 10_000)
        let failure = #expect(throws: Failure.self) { try AuthorityFixture.plan().make(fixture.directory) }
        #expect(failure?.status == .exists)
        #expect(try DurableFile.read(fixture.directory.authorityKey, limit: 10_000) == before)
        let empty = PKIDirectory(fixture.folder.appending(path: "empty").path)
        try FileManager.default.createDirectory(atPath: empty.path, withIntermediateDirectories: true)
        try AuthorityFixture.plan().make(empty)
        try empty.requireMade()
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)) == ["pki", "empty"])
    }

    @Test func `the authority's key opens with its passphrase alone`() throws {
        let passphrase = Secret(text: "un mot de passe long")
        let fixture = try AuthorityFixture(passphrase: passphrase)
        _ = try fixture.workshop(passphrase: passphrase)
        for wrong in [nil, Secret(text: "un autre")] {
            let failure = #expect(throws: Failure.self) { _ = try fixture.workshop(passphrase: wrong) }
            #expect(failure?.status == .permission)
        }
    }

    @Test func `a key that others may read is refused`() throws {
        let fixture = try AuthorityFixture()
        #expect(chmod(fixture.directory.authorityKey, 0o640) == 0)
        let failure = #expect(throws: Failure.self) { _ = try fixture.workshop() }
        #expect(failure?.status == .configuration)
    }

    @Test func `one process at a time works with an authority`() throws {
        let fixture = try AuthorityFixture()
        do {
            let first = try fixture.workshop()
            let failure = #expect(throws: Failure.self) { _ = try fixture.workshop() }
            #expect(failure?.status == .unavailable)
            #expect(first.index.records.count == 3)
        }
        _ = try fixture.workshop()
    }

    @Test func `a renewed server certificate takes the place of the old one, with the key that was there`() throws {
        let fixture = try AuthorityFixture()
        let directory = fixture.directory
        let key = try DurableFile.read(directory.key(.server), limit: 10_000)
        var workshop = try fixture.workshop(now: start + 1000)
        #expect(chmod(directory.key(.server), 0o640) == 0)
        let made = try workshop.makeServer(
            .server, name: "radius.example.fr", organization: nil, newKey: nil, days: 825)
        #expect(try mode(directory.key(.server)) == 0o640)
        #expect(try directory.certificate(directory.chain(.server)) == made)
        #expect(try DurableFile.read(directory.key(.server), limit: 10_000) == key)
        #expect(try directory.certificate(directory.issued(made.serial)) == made)
        let states = workshop.index.states(at: start + 1000).map(\.state)
        #expect(states == [.good, .replaced, .good, .good])
        #expect(throws: OpenSSLError(.profileInvalid, "")) {
            try workshop.makeServer(.server, name: "a.fr", organization: nil, newKey: .generate(), days: 826)
        }
    }

    @Test func `nothing is issued that would outlive the authority`() throws {
        let fixture = try AuthorityFixture()
        let workshop = try fixture.workshop()
        #expect(try workshop.validity(days: 3650).notAfter == workshop.authority.certificate.validity.notAfter)
        let failure = #expect(throws: Failure.self) { try workshop.validity(days: 3651) }
        #expect(failure?.status == .data)
    }

    @Test func `what is taken back is on every list after it, and openssl refuses it`() throws {
        let fixture = try AuthorityFixture()
        var workshop = try fixture.workshop(now: start + 60)
        let profile = CertificateProfile.client(
            identity: "alice@staff.example.fr", validity: try workshop.validity(days: 30))
        let lost = try workshop.issue(profile, .client, for: .generate())
        let kept = try workshop.issue(profile, .client, for: .generate())
        let entry = try workshop.revoke(lost.serial, .keyCompromise)
        #expect(try workshop.revoke(lost.serial, .superseded) == entry)
        #expect(try workshop.list(days: 30).number == 2)
        let list = try workshop.list(days: 30)
        #expect(list.number == 3)
        #expect(list.entries == [entry])
        #expect(list.isSigned(by: workshop.authority.certificate))
        for (certificate, isGood) in [(lost, false), (kept, true)] {
            let verified = try fixture.openssl(
                "verify", "-CAfile", "ca.pem", "-crl_check", "-CRLfile", "crl.pem", "-attime", "\(start + 120)",
                "issued/\(certificate.serial).pem")
            #expect((verified.status == 0) == isGood, "\(verified.output)")
        }
        let text = try fixture.openssl("crl", "-in", "crl.pem", "-CAfile", "ca.pem", "-noout")
        #expect(text.output.contains("verify OK"))
        #expect(try fixture.directory.readIndex() == workshop.index)
    }
}
