import OpenSSL
import Testing

@Suite struct RevocationListTests {
    private let start: Int64 = 1_750_000_000
    private var week: CertificateValidity { CertificateValidity(days: 7, from: start) }

    private func authority() throws -> CertificateAuthority {
        try CertificateAuthority.create(name: "A", validity: CertificateValidity(days: 3650, from: start))
    }

    private func entry(_ text: String, _ reason: RevocationList.Reason = .unspecified) throws -> RevocationList.Entry {
        RevocationList.Entry(serial: try #require(CertificateSerial(text)), revokedAt: start - 60, reason: reason)
    }

    @Test func `a list reads back with its number, dates, serials and reasons`() throws {
        let authority = try authority()
        let entries = try RevocationList.Reason.allCases.enumerated().map { try entry("0\($0 + 1)", $1) }
        let list = try authority.revocationList(entries, number: 42, validity: week)
        let read = try RevocationList(pem: list.pem)
        #expect(read == list)
        #expect(read.number == 42)
        #expect(read.validity == week)
        #expect(read.issuer == "CN=A")
        #expect(Set(read.entries) == Set(entries))
        #expect(read.isSigned(by: authority.certificate))
        #expect(try read.contains(#require(CertificateSerial("01"))))
        #expect(try !read.contains(#require(CertificateSerial("77"))))
    }

    @Test func `an empty list is a list`() throws {
        let list = try authority().revocationList([], number: .max, validity: week)
        #expect(list.entries == [])
        #expect(list.number == .max)
    }

    @Test func `another authority's list is told apart`() throws {
        let list = try authority().revocationList([], number: 1, validity: week)
        #expect(try !list.isSigned(by: authority().certificate))
    }

    @Test func `every truncation of a list, and an octet after it, is refused`() throws {
        let list = try authority().revocationList([entry("05", .keyCompromise)], number: 1, validity: week)
        for count in 0..<list.der.count {
            #expect(throws: OpenSSLError(.certificateMalformed, "")) {
                try RevocationList(der: Array(list.der[..<count]))
            }
        }
        #expect(throws: OpenSSLError(.certificateMalformed, "")) { try RevocationList(der: list.der + [0]) }
    }

    @Test func `a period that is none is refused`() throws {
        let backwards = CertificateValidity(notBefore: start, notAfter: start - 1)
        #expect(throws: OpenSSLError(.profileInvalid, "")) {
            try authority().revocationList([], number: 1, validity: backwards)
        }
        let early = RevocationList.Entry(serial: .random(), revokedAt: -1)
        #expect(throws: OpenSSLError(.profileInvalid, "")) {
            try authority().revocationList([early], number: 1, validity: week)
        }
    }

    @Test func `openssl refuses a certificate on the list and takes one that is not`() throws {
        let authority = try authority()
        let year = CertificateValidity(days: 365, from: start)
        let lost = try authority.issue(.client(identity: "a@b.fr", validity: year), for: .generate())
        let kept = try authority.issue(.client(identity: "c@b.fr", validity: year), for: .generate())
        let revoked = RevocationList.Entry(serial: lost.serial, revokedAt: start, reason: .keyCompromise)
        let list = try authority.revocationList([revoked], number: 7, validity: week)
        let files = [
            "ca.pem": try authority.certificate.pem, "lost.pem": try lost.pem, "kept.pem": try kept.pem,
            "crl.pem": try list.pem,
        ]
        try OpenSSLProgram.withFiles(files) { folder in
            let text = try OpenSSLProgram.run(["crl", "-in", "crl.pem", "-text", "-CAfile", "ca.pem"], in: folder)
            #expect(text.output.contains("verify OK"), "\(text.output)")
            #expect(text.output.contains("Key Compromise"))
            func verify(_ file: String) throws -> OpenSSLProgram.Outcome {
                let arguments = ["verify", "-crl_check", "-CRLfile", "crl.pem", "-CAfile", "ca.pem", "-attime"]
                return try OpenSSLProgram.run(arguments + ["\(start + 60)", file], in: folder)
            }
            #expect(try verify("kept.pem").status == 0)
            #expect(try verify("lost.pem").output.contains("certificate revoked"))
        }
    }
}
