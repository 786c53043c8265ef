import OpenSSL
import Testing

@Suite struct CertificateReadingTests {
    private let validity = CertificateValidity(days: 30, from: 1_750_000_000)

    private func sample() throws -> Certificate {
        try CertificateAuthority.create(name: "A", validity: validity).certificate
    }

    @Test func `every truncation of a certificate, and an octet after it, is refused`() throws {
        let der = try sample().der
        for count in 0..<der.count {
            #expect(throws: OpenSSLError(.certificateMalformed, "")) { try Certificate(der: Array(der[..<count])) }
        }
        #expect(throws: OpenSSLError(.certificateMalformed, "")) { try Certificate(der: der + [0]) }
        #expect(throws: OpenSSLError(.certificateMalformed, "")) {
            try Certificate(der: [UInt8](repeating: 0x30, count: Certificate.longestDER + 1))
        }
    }

    @Test func `any altered octet is refused, or read as another certificate that the authority did not sign`() throws {
        let authority = try CertificateAuthority.create(name: "A", validity: validity)
        let made = try authority.issue(.client(identity: "a@b.fr", validity: validity), for: .generate())
        for index in made.der.indices {
            var altered = made.der
            altered[index] ^= 0x55
            if let read = try? Certificate(der: altered) { #expect(!read.isSigned(by: authority.certificate)) }
        }
    }

    @Test func `a chain is read in order, with text around it`() throws {
        let (one, two) = (try sample(), try sample())
        let text = try Array("subject: one\n".utf8) + one.pem + Array("\nand\n".utf8) + two.pem
        #expect(try Certificate.chain(pem: text) == [one, two])
        #expect(try Certificate(pem: text) == one)
        #expect(try Certificate.chain(pem: []) == [])
        #expect(try Certificate.chain(pem: Array("nothing\n".utf8)) == [])
        #expect(throws: OpenSSLError(.certificateMalformed, "")) { try Certificate(pem: Array("nothing\n".utf8)) }
    }

    @Test func `a damaged certificate in a chain is refused, not passed over`() throws {
        let one = try sample().pem
        var damaged = one
        damaged.replaceSubrange(100..<104, with: Array("!!!!".utf8))
        #expect(throws: OpenSSLError(.certificateMalformed, "")) { try Certificate.chain(pem: one + damaged) }
        #expect(throws: OpenSSLError(.certificateMalformed, "")) { try Certificate.chain(pem: one + one[..<200]) }
    }

    @Test func `100 certificates are read and 101 refused`() throws {
        let one = try sample().pem
        let many = Array(repeatElement(one, count: Certificate.longestChain).joined())
        #expect(try Certificate.chain(pem: many).count == Certificate.longestChain)
        #expect(throws: OpenSSLError(.certificateMalformed, "")) { try Certificate.chain(pem: many + one) }
    }

    @Test(arguments: [("01", "01"), ("0A:bc", "0abc"), ("abc", "0abc"), ("0001", "01")])
    func `a serial is read with or without colons`(text: String, serial: String) {
        #expect(CertificateSerial(text)?.description == serial)
    }

    @Test(arguments: ["", "0", "00:00", "xyz", "-1", String(repeating: "ab", count: 21)])
    func `a serial that is none, zero, or of 21 octets is refused (RFC 5280 §4.1.2.2)`(text: String) {
        #expect(CertificateSerial(text) == nil)
    }

    @Test func `a serial of 20 octets is taken, and a certificate carries it`() throws {
        let serial = try #require(CertificateSerial(octets: [UInt8](repeating: 0xFF, count: 20)))
        let made = try CertificateAuthority.create(name: "A", validity: validity, serial: serial)
        #expect(made.certificate.serial == serial)
    }

    @Test func `a certificate's description names no person`() throws {
        let authority = try CertificateAuthority.create(name: "A", validity: validity)
        let made = try authority.issue(.client(identity: "alice@b.fr", validity: validity), for: .generate())
        #expect(!"\(made)".contains("alice"))
    }
}
