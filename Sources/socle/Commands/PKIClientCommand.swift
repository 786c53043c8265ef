import ArgumentParser
import Foundation
import OpenSSL

/// `socle pki client`: a person's or a device's certificate.
struct PKIClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Make a certificate for a person or a device (EAP-TLS), as a PKCS#12 file.",
        discussion: """
            The passphrase of the file is shown once and kept nowhere; so is the private key, which is in the file alone. The \
            file's encryption is the one that every device imports; --aes is stronger and refused by macOS and by older \
            phones. It is the passphrase that protects it: give it by another way than the file.
            """)

    @OptionGroup var authority: AuthorityOptions
    @Option(help: "Who it is for, as user@realm, at most 64 characters.") var identity: String
    @Option(help: ArgumentHelp("New PKCS#12 file.", valueName: "file"), completion: .file(extensions: ["p12"]))
    var out: String
    @OptionGroup var certificate: CertificateOptions
    @Flag(help: "Encrypt the file with AES-256 instead of triple DES.") var aes = false
    @Option(help: "Days it is good.") var days = 365

    func validate() throws {
        guard identity.count <= 64, AlternativeName.userPrincipalName(identity).isSound else {
            throw ValidationError("--identity: 1 to 64 characters, no space")
        }
        try CertificateOptions.check("--days", days, 1...3650)
    }

    func run() throws {
        try refuseExisting(out)
        var workshop = try authority.open()
        let key = try PrivateKey.generate(certificate.keyKind)
        let made = try workshop.issue(
            .client(
                identity: identity, organization: certificate.organization,
                validity: try workshop.validity(days: days)), .client, for: key)
        let passphrase = Self.passphrase()
        let file = try PKCS12.export(
            key: key, certificate: made, chain: [workshop.authority.certificate], name: identity,
            passphrase: passphrase, protection: aes ? .aes256 : .tripleDES)
        try DurableFile.create(out, file, .owner)
        Console.print(
            """
            \(out): \(identity), serial \(made.serial), until \(PKITime.day(made.validity.notAfter))
            passphrase, shown this once: \(passphrase)
            """)
    }

    /// 100 random bits in groups of five, easy to type.
    static func passphrase() -> String {
        let text = Array(Base32.encode(SecureRandom.bytes(13)).prefix(20))
        return stride(from: 0, to: text.count, by: 5).map { String(text[$0..<min($0 + 5, text.count)]) }
            .joined(separator: "-")
    }
}

/// `socle pki nas`: a gateway's certificate.
struct PKINASCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nas",
        abstract: "Make a certificate for an access point or a gateway that speaks RadSec.",
        discussion: """
            Writes PREFIX.pem (the certificate and the authority's) and PREFIX.key; the gateway needs ca.pem too. Move the key \
            to the gateway and delete it here: a copy is kept of the certificate alone.
            """)

    @OptionGroup var authority: AuthorityOptions
    @Option(help: "Its name, a host name: what the server knows it by.") var name: String
    @Option(help: ArgumentHelp("Where to write; otherwise its name, here.", valueName: "prefix")) var out: String?
    @OptionGroup var certificate: CertificateOptions
    @Option(help: "Days it is good.") var days = 1095

    func validate() throws {
        guard name.utf8.count <= 64, AlternativeName.dns(name).isSound else {
            throw ValidationError("--name: a host name of at most 64 characters")
        }
        try CertificateOptions.check("--days", days, 1...3650)
    }

    func run() throws {
        let prefix = out ?? name
        try refuseExisting(prefix + ".pem")
        try refuseExisting(prefix + ".key")
        var workshop = try authority.open()
        let key = try PrivateKey.generate(certificate.keyKind)
        let profile = CertificateProfile(
            commonName: name, organization: certificate.organization, alternativeNames: [.dns(name)],
            purposes: [.clientAuthentication], validity: try workshop.validity(days: days))
        let made = try workshop.issue(profile, .nas, for: key)
        try DurableFile.create(prefix + ".key", try key.pem(), .owner)
        try DurableFile.create(
            prefix + ".pem", try made.pem + workshop.authority.certificate.pem, .everybody)
        Console.print(
            """
            \(prefix).pem: \(name), serial \(made.serial), until \(PKITime.day(made.validity.notAfter))
            \(prefix).key: its private key; move it to the gateway, with \(workshop.directory.authority)
            """)
    }
}

/// Refused before a certificate is issued for a file that could not be written.
private func refuseExisting(_ path: String) throws(Failure) {
    guard access(path, F_OK) != 0 else {
        throw Failure(.exists, "the file \(path) exists", mend: "name another one")
    }
}
