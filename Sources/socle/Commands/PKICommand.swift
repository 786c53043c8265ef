import ArgumentParser
import Foundation
import OpenSSL
import Territory

/// `socle pki`: certificates of EAP and RadSec, from an authority of one's own.
struct PKICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki",
        abstract: "Certificates for EAP and RadSec, from an authority of your own, and profiles for devices.",
        discussion: """
            An authority is a directory: ca.pem and ca.key, what the daemons read (server.pem and server.key for EAP, \
            radsec.pem and radsec.key for RadSec, crl.pem), issued/ with a copy of every certificate, and index, which says \
            what was issued and taken back.

            Whoever has ca.key can pass for your server and for each of your users. Keep the directory on another machine than \
            the server, or on removable media, with a passphrase (--ca-passphrase-file), and copy to the server the server's \
            files, ca.pem and crl.pem alone. Back it up: an authority that is lost means that every device is set up again.
            """,
        subcommands: [
            PKIInitCommand.self, PKIServerCommand.self, PKIClientCommand.self, PKINASCommand.self,
            PKIRevokeCommand.self, PKIListRevokedCommand.self, PKIListCommand.self, PKIProfileCommand.self,
        ])
}

/// Which authority a command is about.
struct PKIOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Directory of the authority.", valueName: "dir"), completion: .directory)
    var directory: String

    var place: PKIDirectory { PKIDirectory(directory) }
}

/// An authority, and what opens its key.
struct AuthorityOptions: ParsableArguments {
    @OptionGroup var pki: PKIOptions
    @Option(
        help: ArgumentHelp(
            "File whose first line is the passphrase of ca.key; - is standard input.", valueName: "file"),
        completion: .file())
    var caPassphraseFile: String?

    func passphrase() throws -> Secret? {
        guard let caPassphraseFile else { return nil }
        let secret = try CommandFile.secret(caPassphraseFile)
        guard let text = secret.text, text.count >= 8, !text.utf8.contains(0) else {
            throw Failure(.data, "the passphrase of \(caPassphraseFile) is not UTF-8 text of at least 8 characters")
        }
        return secret
    }

    func open() throws -> AuthorityWorkshop {
        try AuthorityWorkshop(pki.place, passphrase: try passphrase(), now: Int64(Date.now.timeIntervalSince1970))
    }
}

/// What every new certificate can be told.
struct CertificateOptions: ParsableArguments {
    @Option(help: "Organisation that the certificate names.") var organization: String?
    @Flag(help: "RSA of 2048 bits instead of P-256, for devices from before 2014.") var rsa = false

    var keyKind: PrivateKey.Kind { rsa ? .rsa2048 : .p256 }

    /// Throws unless `days` is within `range`.
    static func check(_ option: String, _ days: Int, _ range: ClosedRange<Int>) throws {
        guard range.contains(days) else {
            throw ValidationError("\(option): \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
