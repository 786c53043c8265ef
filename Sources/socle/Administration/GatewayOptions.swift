import ArgumentParser
import Foundation
import Store
import Territory

/// How a gateway is declared, for `site create` and `nas add`.
struct GatewayOptions: ParsableArguments {
    @Option(help: "Make of the gateway: a file of the equipment directory, such as opennds or mikrotik.")
    var profile: String?
    @Option(
        help: ArgumentHelp(
            "Where its RADIUS packets come from, such as 198.51.100.7 or 10.0.0.0/24.", valueName: "prefix"))
    var source: String?
    @Option(help: "Its NAS-Identifier, for a gateway behind NAT or on the move.")
    var identifier: String?
    @Option(
        help: ArgumentHelp(
            "Name in the certificate it shows over TLS (RadSec): a DNS name, a realm or the common name.",
            valueName: "name"))
    var certificateName: String?
    @Option(
        help: ArgumentHelp(
            "File with its RADIUS secret; - is standard input.", discussion: "Otherwise one is made and shown.",
            valueName: "file"),
        completion: .file())
    var secretFile: String?
    @Option(
        help: ArgumentHelp(
            "File with the key it shares with the portal.",
            discussion:
                "The faskey of openNDS, the UAM secret of others; otherwise one is made and shown where it is needed.",
            valueName: "file"),
        completion: .file())
    var portalKeyFile: String?
    @Option(help: "Message-Authenticator: auto (required once seen), require, off.")
    var messageAuthenticator = "auto"
    @Option(help: "Where CoA goes, if not to the source of its packets.") var coaAddress: String?
    @Option(help: "Port for CoA, if not the usual one of its make.") var coaPort: Int?

    /// Whether anything was said of a gateway.
    var isGiven: Bool {
        profile != nil || source != nil || identifier != nil || certificateName != nil || secretFile != nil
    }

    func validate() throws {
        if let source, IPPrefix(source) == nil { throw ValidationError("--source \(source) is no address or prefix") }
        if let coaAddress, IPAddress(coaAddress) == nil {
            throw ValidationError("--coa-address \(coaAddress) is no address")
        }
        if let coaPort, !(1...65535).contains(coaPort) { throw ValidationError("--coa-port: 1 to 65535") }
        if NAS.MessageAuthenticatorPolicy(rawValue: messageAuthenticator) == nil {
            throw ValidationError("--message-authenticator: auto, require or off")
        }
    }

    /// The gateway, its profile checked against the library.
    func request(name: String, _ configuration: Configuration) throws -> NewNAS {
        guard let profile else {
            throw ValidationError("--profile is needed: see the files of \(configuration.paths.equipment)")
        }
        _ = try EquipmentLibrary.load(directory: URL(filePath: configuration.paths.equipment)).profile(named: profile)
        var request = NewNAS(
            name: name, profile: profile, source: source.flatMap { IPPrefix($0) }, identifier: identifier,
            certificateName: certificateName)
        if let secretFile { request.secret = try CommandFile.secret(secretFile) }
        if let portalKeyFile { request.portalKey = try CommandFile.secret(portalKeyFile) }
        request.messageAuthenticator = NAS.MessageAuthenticatorPolicy(rawValue: messageAuthenticator) ?? .auto
        request.coaAddress = coaAddress.flatMap { IPAddress($0) }
        request.coaPort = coaPort
        return request
    }

    /// What has to be typed into the gateway; shown once, here.
    static func lines(for server: NAS, portalURL: String) -> [String] {
        var lines = ["gateway \(server.name) (\(server.profile))"]
        if let source = server.source { lines.append("  source           \(source)") }
        if let identifier = server.identifier { lines.append("  NAS-Identifier   \(identifier)") }
        if let name = server.certificateName { lines.append("  certificate      \(name)") }
        lines.append("  RADIUS secret    \(server.secret.text ?? "(not text)")")
        if let key = server.portalKey { lines.append("  portal key       \(key.text ?? "(not text)")") }
        lines.append("  portal           \(portalURL)")
        return lines
    }
}
