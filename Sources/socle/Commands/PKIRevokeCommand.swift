import ArgumentParser
import Foundation
import OpenSSL

/// `socle pki revoke`: certificates that are no longer good.
struct PKIRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take a certificate back, and sign a new revocation list.",
        discussion: "It takes effect when the server has the new crl.pem.")

    @Argument(help: "Its serial, or a file with it in PEM.") var certificate: String
    @Option(help: "Why: \(RevocationReason.allCases.map(\.rawValue).joined(separator: ", ")).")
    var reason = RevocationReason.unspecified
    @Option(help: "Days until the next revocation list.") var crlDays = 30
    @Flag(help: "Say what would be taken back and change nothing.") var dryRun = false
    @OptionGroup var authority: AuthorityOptions

    func validate() throws { try CertificateOptions.check("--crl-days", crlDays, 1...397) }

    func run() throws {
        var workshop = try authority.open()
        let record = try find(workshop.index, workshop.directory)
        let what = "\(record.kind.rawValue) \(record.name), serial \(record.serial)"
        guard record.kind != .authority else {
            throw Failure(.data, "an authority cannot take itself back", mend: "remove it from every device")
        }
        if let entry = workshop.index.revoked[record.serial] {
            return Console.print("\(what): taken back on \(PKITime.day(entry.revokedAt)) already; nothing is changed")
        }
        if dryRun { return Console.print("would take back \(what); nothing is changed") }
        _ = try workshop.revoke(record.serial, reason.reason)
        let list = try workshop.list(days: crlDays)
        Console.print(
            """
            \(what): taken back
            \(workshop.directory.revocationList): \(list.entries.count) taken back, good until \
            \(PKITime.day(list.validity.notAfter)); copy it to the server
            """)
    }

    private func find(_ index: CertificateIndex, _ place: PKIDirectory) throws -> CertificateRecord {
        if let serial = CertificateSerial(certificate), let record = index.record(serial) { return record }
        guard access(certificate, R_OK) == 0 else {
            throw Failure(
                .notFound, "no certificate of this authority has the serial \(certificate), and there is no such file",
                mend: "socle pki list shows them")
        }
        let read = try place.certificate(certificate)
        guard let record = index.record(read.serial), record.name == read.commonName else {
            throw Failure(.notFound, "the certificate of \(certificate) is not this authority's")
        }
        return record
    }
}

/// `socle pki crl`: the next revocation list.
struct PKIListRevokedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crl",
        abstract: "Sign a new revocation list.",
        discussion: """
            Make one before the last one ends, from a timer for example: a server with a list that has ended lets nobody in \
            with a certificate.
            """)

    @OptionGroup var authority: AuthorityOptions
    @Option(help: "Days until the next one.") var days = 30

    func validate() throws { try CertificateOptions.check("--days", days, 1...397) }

    func run() throws {
        var workshop = try authority.open()
        let list = try workshop.list(days: days)
        Console.print(
            """
            \(workshop.directory.revocationList): number \(list.number ?? 0), \(list.entries.count) taken back, good until \
            \(PKITime.day(list.validity.notAfter)); copy it to the server
            """)
    }
}
