import OpenSSL
import Testing

@Suite struct PrivateKeyTests {
    private let validity = CertificateValidity(days: 30, from: 1_750_000_000)

    @Test(arguments: PrivateKey.Kind.allCases)
    func `a key reads back from PEM`(kind: PrivateKey.Kind) throws {
        let key = try PrivateKey.generate(kind)
        let certificate = try CertificateAuthority.create(name: "A", key: key, validity: validity).certificate
        let read = try PrivateKey(pem: key.pem())
        #expect(read.belongs(to: certificate))
        #expect(try !PrivateKey.generate(kind).belongs(to: certificate))
    }

    @Test func `an encrypted key opens with its passphrase alone`() throws {
        let key = try PrivateKey.generate()
        let sealed = try key.pem(passphrase: "un mot de passe")
        #expect(String(decoding: sealed, as: UTF8.self).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
        let certificate = try CertificateAuthority.create(name: "A", key: key, validity: validity).certificate
        #expect(try PrivateKey(pem: sealed, passphrase: "un mot de passe").belongs(to: certificate))
        #expect(throws: OpenSSLError(.passphraseWrong, "")) { try PrivateKey(pem: sealed, passphrase: "un autre") }
        #expect(throws: OpenSSLError(.passphraseWrong, "")) { try PrivateKey(pem: sealed) }
        #expect(throws: OpenSSLError(.passphraseWrong, "")) { try key.pem(passphrase: "") }
    }

    @Test func `what is no key is refused`() throws {
        let pem = try PrivateKey.generate().pem()
        let certificate = try CertificateAuthority.create(name: "A", validity: validity).certificate.pem
        for text in [[], Array("no key".utf8), Array(pem[..<60]), certificate] {
            #expect(throws: OpenSSLError(.certificateMalformed, "")) { try PrivateKey(pem: text) }
        }
        let padding = [UInt8](repeating: 0x0A, count: PrivateKey.longestPEM - pem.count)
        _ = try PrivateKey(pem: pem + padding)
        #expect(throws: OpenSSLError(.certificateMalformed, "")) { try PrivateKey(pem: pem + padding + [0x0A]) }
    }

    @Test func `openssl reads both forms`() throws {
        let key = try PrivateKey.generate()
        let files = ["plain.key": try key.pem(), "sealed.key": try key.pem(passphrase: "un mot de passe")]
        try OpenSSLProgram.withFiles(files) { folder in
            let plain = try OpenSSLProgram.run(["pkey", "-check", "-noout", "-in", "plain.key"], in: folder)
            #expect(plain.output.contains("Key is valid"), "\(plain.output)")
            let arguments = ["pkey", "-check", "-noout", "-in", "sealed.key", "-passin", "pass:un mot de passe"]
            #expect(try OpenSSLProgram.run(arguments, in: folder).output.contains("Key is valid"))
        }
    }

    @Test func `a key prints nothing of itself`() throws {
        let key = try PrivateKey.generate()
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "PrivateKey(redacted)")
        #expect(String(reflecting: key) == "PrivateKey(redacted)")
        #expect(!dumped.contains("pointer"))
    }

    @Test(arguments: PKCS12.Protection.allCases)
    func `openssl opens the PKCS#12 file with its passphrase alone`(protection: PKCS12.Protection) throws {
        let authority = try CertificateAuthority.create(name: "A", validity: validity)
        let key = try PrivateKey.generate()
        let certificate = try authority.issue(.client(identity: "a@b.fr", validity: validity), for: key)
        let file = try PKCS12.export(
            key: key, certificate: certificate, chain: [authority.certificate], name: "a@b.fr",
            passphrase: "correct horse", protection: protection)
        try OpenSSLProgram.withFiles(["a.p12": file]) { folder in
            func open(_ passphrase: String) throws -> OpenSSLProgram.Outcome {
                try OpenSSLProgram.run(
                    ["pkcs12", "-info", "-in", "a.p12", "-passin", "pass:\(passphrase)", "-nodes"], in: folder)
            }
            let good = try open("correct horse")
            #expect(good.status == 0, "\(good.output)")
            let digest = protection == .aes256 ? "MAC: sha256" : "MAC: sha1"
            let cipher = protection == .aes256 ? "AES-256-CBC" : "pbeWithSHA1And3-KeyTripleDES-CBC"
            for part in [digest, cipher, "friendlyName: a@b.fr", "BEGIN PRIVATE KEY", "CN = A"] {
                #expect(good.output.contains(part), "\(part)")
            }
            #expect(try open("wrong horse").status != 0)
        }
    }

    @Test func `a PKCS#12 file needs 8 characters of passphrase and the certificate's key`() throws {
        let authority = try CertificateAuthority.create(name: "A", validity: validity)
        func export(_ passphrase: String, _ key: PrivateKey, name: String = "A") throws -> [UInt8] {
            try PKCS12.export(
                key: key, certificate: authority.certificate, chain: [], name: name, passphrase: passphrase)
        }
        _ = try export("12345678", authority.key)
        #expect(throws: OpenSSLError(.passphraseWrong, "")) { try export("1234567", authority.key) }
        #expect(throws: OpenSSLError(.passphraseWrong, "")) { try export("1234567\u{0}8", authority.key) }
        #expect(throws: OpenSSLError(.keyMismatch, "")) { try export("12345678", PrivateKey.generate()) }
        #expect(throws: OpenSSLError(.profileInvalid, "")) { try export("12345678", authority.key, name: "") }
    }
}
