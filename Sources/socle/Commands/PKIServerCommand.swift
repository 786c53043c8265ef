import ArgumentParser
import Foundation
import OpenSSL

/// `socle pki server`: the next server certificate.
struct PKIServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Renew the server's certificate for EAP, or with --radsec the one for RadSec.",
        discussion: """
            Takes the place of server.pem (radsec.pem); the daemons read it again by themselves. The private key stays, so \
            that key and certificate always fit; --new-key makes another one.
            """)

    @OptionGroup var authority: AuthorityOptions
    @Flag(help: "The certificate for RadSec.") var radsec = false
    @Option(help: "Name of the server; otherwise the one it has.") var serverName: String?
    @OptionGroup var certificate: CertificateOptions
    @Flag(help: "Make a new private key.") var newKey = false
    @Option(help: "Days it is good: Apple's devices take no more than 825.") var days = 730

    func validate() throws {
        if let serverName, !AlternativeName.dns(serverName).isSound || serverName.utf8.count > 64 {
            throw ValidationError("--server-name: a host name of at most 64 characters")
        }
        try CertificateOptions.check("--days", days, 1...CertificateProfile.longestServerDays)
        if certificate.rsa, !newKey { throw ValidationError("--rsa needs --new-key") }
    }

    func run() throws {
        let kind: CertificateKind = radsec ? .radsec : .server
        var workshop = try authority.open()
        let place = workshop.directory
        guard let name = try serverName ?? place.certificate(place.chain(kind)).commonName else {
            throw Failure(.data, "\(place.chain(kind)) has no name", mend: "give one with --server-name")
        }
        let made = try workshop.makeServer(
            kind, name: name, organization: certificate.organization,
            newKey: newKey ? try PrivateKey.generate(certificate.keyKind) : nil, days: days)
        Console.print(
            """
            \(place.chain(kind)): \(name), serial \(made.serial), until \(PKITime.day(made.validity.notAfter))
            copy it\(newKey ? " and \(place.key(kind))" : "") to the server
            """)
    }
}
