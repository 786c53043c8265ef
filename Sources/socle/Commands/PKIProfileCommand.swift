import ArgumentParser
import Foundation
import OpenSSL

extension WiFiProfile.Method: ExpressibleByArgument {}
extension WiFiProfile.Inner: ExpressibleByArgument {}
extension WiFiProfile.Encryption: ExpressibleByArgument {}

/// `socle pki profile`: what devices are set up with.
struct PKIProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Write a WiFi profile for Apple's devices, or for geteduroam on Android, Windows and Linux.",
        discussion: """
            The profile tells the device which authority and which server name to trust: without them it would give its \
            password to any access point of that name. It holds no password and no passphrase: the device asks.

            socle pki profile --directory /root/pki --ssid Personnel --identity alice@staff.example.fr --method ttls \\
              --apple alice.mobileconfig --android alice.eap-config
            """)

    @OptionGroup var pki: PKIOptions
    @Option(help: "Name of the network, 1 to 32 octets.") var ssid: String
    @Option(help: "Who it is for, as user@realm.") var identity: String
    @Option(help: "How to log in: ttls, peap (passwords) or tls (a certificate).") var method: WiFiProfile.Method
    @Option(help: "What ttls carries: pap or mschapv2; accounts of socle account need pap.")
    var inner = WiFiProfile.Inner.pap
    @Option(help: "What is said outside the tunnel; otherwise anonymous@ the realm, and the identity with tls.")
    var outerIdentity: String?
    @Option(help: "Server name to trust, repeated for several; otherwise the one of server.pem.")
    var serverName: [String] = []
    @Option(
        help: ArgumentHelp("The person's file of socle pki client, for tls.", valueName: "file"),
        completion: .file(extensions: ["p12"]))
    var pkcs12: String?
    @Option(help: "wpa2 (joins WPA2 and mixed networks) or wpa3.") var encryption = WiFiProfile.Encryption.wpa2
    @Flag(help: "The network does not announce its name.") var hidden = false
    @Option(help: "Whose network it is, as the device shows it; otherwise the authority's name.") var name: String?
    @Flag(help: "New UUIDs: the profile stands beside an earlier one instead of replacing it.") var randomUUIDs = false
    @Option(help: ArgumentHelp("New .mobileconfig file.", valueName: "file")) var apple: String?
    @Option(help: ArgumentHelp("New eap-config file.", valueName: "file")) var android: String?

    func validate() throws {
        guard apple != nil || android != nil else { throw ValidationError("--apple or --android is needed") }
        guard (method == .tls) == (pkcs12 != nil) else {
            throw ValidationError("--pkcs12 is for --method tls, and --method tls needs it")
        }
    }

    func run() throws {
        let profile = try profile()
        let faults = profile.faults()
        guard faults.isEmpty else { throw Failure(.data, faults.joined(separator: "; ")) }
        // A file with somebody's certificate is for that person.
        let access: DurableFile.Access = profile.credential == nil ? .everybody : .owner
        if let apple {
            try DurableFile.create(apple, try profile.mobileConfiguration(), access)
            Console.print("\(apple): for iPhone, iPad and Mac")
        }
        if let android {
            try DurableFile.create(android, Array(profile.eapConfig().utf8), access)
            Console.print("\(android): for geteduroam on Android, Windows and Linux")
        }
    }

    private func profile() throws -> WiFiProfile {
        let place = pki.place
        try place.requireMade()
        let authority = try place.certificate(place.authority)
        let names =
            serverName.isEmpty
            ? try place.certificate(place.chain(.server)).alternativeNames.compactMap { name -> String? in
                if case .dns(let host) = name { host } else { nil }
            } : serverName
        let realm = identity.split(separator: "@", maxSplits: 1).dropFirst().first
        let outer = outerIdentity ?? (method == .tls ? nil : realm.map { "anonymous@\($0)" } ?? "anonymous")
        let credential = try pkcs12.map { try DurableFile.read($0, limit: WiFiProfile.largestCredential) }
        return WiFiProfile(
            ssid: ssid, isHidden: hidden, encryption: encryption, method: method, inner: inner, identity: identity,
            outerIdentity: outer, serverNames: names, authority: authority, credential: credential,
            displayName: name ?? authority.commonName ?? "WiFi", identifiers: randomUUIDs ? .random : .derived)
    }
}
