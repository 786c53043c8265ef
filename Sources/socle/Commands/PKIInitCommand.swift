import ArgumentParser
import Foundation
import OpenSSL

/// `socle pki init`: a new authority and what the server needs of it.
struct PKIInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make an authority, a server certificate for EAP, one for RadSec, and an empty revocation list.",
        discussion: """
            Makes the directory whole or not at all, and never writes over one. Private keys are readable by their owner \
            alone. Devices are told --server-name: choose a name that stays; it need not resolve.

            ca.key should move off this server: see socle pki --help.

            socle pki init --directory /root/pki --name "WiFi de la Meuse" --server-name radius.example.fr
            """)

    @OptionGroup var authority: AuthorityOptions
    @Option(help: "Name of the authority, which devices show, 1 to 64 characters.") var name: String
    @Option(help: "Name of the server, which devices check.") var serverName: String
    @OptionGroup var certificate: CertificateOptions
    @Option(help: "Days that the authority is good.") var caDays = 3650
    @Option(help: "Days that the server's certificates are good: Apple's devices take no more than 825.")
    var days = 730
    @Option(help: "Days until the next revocation list.") var crlDays = 30

    func validate() throws {
        guard AlternativeName.dns(serverName).isSound, serverName.utf8.count <= 64 else {
            throw ValidationError("--server-name: a host name of at most 64 characters")
        }
        try CertificateOptions.check("--ca-days", caDays, 1...7300)
        try CertificateOptions.check("--days", days, 1...CertificateProfile.longestServerDays)
        try CertificateOptions.check("--crl-days", crlDays, 1...397)
        if days > caDays { throw ValidationError("--days: not more than --ca-days") }
    }

    func run() throws {
        let place = authority.pki.place
        let passphrase = try authority.passphrase()
        try AuthorityPlan(
            name: name, organization: certificate.organization, serverName: serverName, keyKind: certificate.keyKind,
            authorityDays: caDays, serverDays: days, listDays: crlDays, passphrase: passphrase,
            now: Int64(Date.now.timeIntervalSince1970)
        ).make(place)
        let root = try place.certificate(place.authority)
        let server = try place.certificate(place.chain(.server))
        Console.print(
            """
            made in \(place.path)
              ca.pem      the authority “\(name)”, until \(PKITime.day(root.validity.notAfter)); devices trust it
                          SHA-256 \(Hex.encode(root.fingerprint))
              ca.key      its private key\(passphrase == nil ? ", without a passphrase" : "")
              server.pem  \(serverName) for EAP, until \(PKITime.day(server.validity.notAfter)), with server.key
              radsec.pem  \(serverName) for RadSec, with radsec.key
              crl.pem     nothing taken back yet; make the next one within \(crlDays) days: socle pki crl
            next
              copy server.*, radsec.*, ca.pem and crl.pem to the server, and keep ca.key away from it
              socle pki client   a certificate for a person or a device (EAP-TLS)
              socle pki nas      a certificate for an access point or a gateway (RadSec)
              socle pki profile  a profile for phones and computers
              socle pki list     what expires, and when
            """)
    }
}
