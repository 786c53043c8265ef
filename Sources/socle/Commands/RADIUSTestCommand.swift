import ArgumentParser
import Foundation
import Glibc
import OpenSSL
import RADIUS
import Territory

/// `socle radius test`: a login rehearsed from the gateway's place.
struct RADIUSTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Rehearse a login as a gateway and a device would, and say what happens.",
        discussion: """
            Exit status 0: accepted; 1: rejected, or given up by the device; 2: no answer, or one that cannot be believed. \
            The machine it runs on must be declared as a gateway (socle nas add). The password is read from the terminal \
            where no file is named.

            socle radius test --server 127.0.0.1 --secret-file s --user K3F7-2QZM --password-file p
            socle radius test --server 10.0.0.5 --secret-file s --user agent@x.fr --method ttls-pap --ca ca.pem \
            --server-name radius.x.fr
            """)

    @Option(help: "Address of the server.") var server: String
    @Option(help: "UDP port of authentication.") var port = 1812
    @Option(help: "UDP port of accounting.") var accountingPort = 1813
    @Option(help: "File whose first line is the shared secret; - for standard input.") var secretFile: String
    @Option(help: "Who logs in; a device's address for mac.") var user: String
    @Option(help: "File whose first line is the password.") var passwordFile: String?
    @Option(help: "\(RehearsalMethod.allCases.map(\.rawValue).joined(separator: ", ")).")
    var method = RehearsalMethod.pap
    @Option(help: "What is said outside the tunnel.") var outerIdentity: String?
    @Option(help: "EAP: the authority of the server's certificate, PEM. Without it the certificate is not checked.")
    var ca: String?
    @Option(help: "EAP: the name that the server's certificate must have.") var serverName: String?
    @Option(help: "tls: the device's certificate and its issuers, PEM.") var certificate: String?
    @Option(help: "tls: the key of the certificate, PEM without a passphrase.") var key: String?
    @Option(help: "NAS-Identifier.") var nasIdentifier = "socle-test"
    @Option(help: "Calling-Station-Id: the device.") var station: String?
    @Option(help: "Called-Station-Id: the access point and its network.") var calledStation: String?
    @Flag(help: "After an accept, report a session: start, interim, stop.") var accounting = false
    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        if method == .tls, certificate == nil || key == nil {
            throw ValidationError("--method tls needs --certificate and --key")
        }
        if serverName != nil, ca == nil { throw ValidationError("--server-name is checked against --ca") }
        if method.eap == nil, ca != nil || outerIdentity != nil {
            throw ValidationError("--ca and --outer-identity are for EAP methods")
        }
        guard (1...65_535).contains(port), (1...65_535).contains(accountingPort) else {
            throw ValidationError("a port is 1 to 65535")
        }
    }

    func run() throws {
        let secret = try SharedSecret(try CommandFile.secret(secretFile).bytes)
        let rehearsal = Rehearsal(
            try plan(), secret: secret,
            authentication: try RehearsalSocket(host: server, port: port, secret: secret),
            accounting: accounting ? try RehearsalSocket(host: server, port: accountingPort, secret: secret) : nil,
            dictionary: try dictionary(), say: Console.print)
        let outcome = try rehearsal.run()
        if outcome != .accepted { throw ExitCode(outcome.rawValue) }
    }

    private func plan() throws -> RehearsalPlan {
        var plan = RehearsalPlan(method: method, user: user)
        if method.needsPassword { plan.password = try password() }
        plan.outerIdentity = outerIdentity
        plan.nasIdentifier = nasIdentifier
        plan.callingStation = station ?? (method == .mac ? user : plan.callingStation)
        plan.calledStation = calledStation
        plan.checksServer = ca != nil
        if method.eap != nil { plan.tls = try tls() }
        return plan
    }

    private func password() throws -> [UInt8] {
        if let passwordFile { return try CommandFile.secret(passwordFile).bytes }
        guard isatty(STDIN_FILENO) == 1, let typed = getpass("Password of \(user): ") else {
            throw Failure(.usage, "there is no terminal to ask for a password at", mend: "name a --password-file")
        }
        return Array(String(cString: typed).utf8)
    }

    private func tls() throws -> TLSContext {
        var settings = TLSSettings(role: .client)
        if let ca {
            settings.trustAnchors = try CommandFile.read(ca)
            settings.verifyName = serverName
        } else {
            settings.peerCertificate = .none
        }
        if let certificate, let key {
            settings.certificateChain = try CommandFile.read(certificate)
            settings.privateKey = try CommandFile.read(key)
        }
        settings.middleboxCompatibility = false
        return try TLSContext(settings)
    }

    /// The names of attributes, where there is an installation here; numbers elsewhere.
    private func dictionary() throws -> AttributeDictionary {
        guard installation.config != nil || (try? installation.file()) != nil else { return AttributeDictionary() }
        return try AttributeDictionary(directory: try installation.load().paths.dictionaries)
    }
}
