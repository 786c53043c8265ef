import Foundation
import OpenSSL

/// What a device needs to join a network with 802.1X, and to tell our server from anybody else's.
struct WiFiProfile {
    enum Method: String, CaseIterable {
        case ttls, peap, tls

        /// The EAP method's number (IANA, RFC 5216, RFC 5281, PEAP).
        var type: Int {
            switch self {
            case .tls: 13
            case .ttls: 21
            case .peap: 25
            }
        }
    }

    /// What is inside the tunnel of TTLS.
    enum Inner: String, CaseIterable { case pap, mschapv2 }

    enum Encryption: String, CaseIterable { case wpa2, wpa3 }

    /// Octets of the longest SSID (IEEE 802.11 §9.4.2.2).
    static let longestSSID = 32
    /// Octets of the largest PKCS#12 file that is embedded.
    static let largestCredential = 65_536

    let ssid: String
    let isHidden: Bool
    let encryption: Encryption
    let method: Method
    let inner: Inner
    let identity: String
    /// What is said outside the tunnel; nil says the identity.
    let outerIdentity: String?
    let serverNames: [String]
    let authority: Certificate
    /// A PKCS#12 file, for TLS and for nothing else. Its passphrase is not in the profile: the device asks.
    let credential: [UInt8]?
    /// What the device calls the network's owner.
    let displayName: String
    let identifiers: ProfileIdentifiers

    /// What keeps it from being written.
    func faults() -> [String] {
        var faults: [String] = []
        func require(_ condition: Bool, _ fault: String) { if !condition { faults.append(fault) } }
        require(Self.isText(ssid, octets: Self.longestSSID), "the SSID has 1 to 32 octets and no control character")
        require(Self.isNAI(identity), "the identity has 1 to 253 octets, no space and no control character")
        require(outerIdentity.map(Self.isNAI) ?? true, "the outer identity has 1 to 253 octets and no space")
        require(Self.isText(displayName, octets: 253), "the name has 1 to 253 octets and no control character")
        require(
            (1...10).contains(serverNames.count) && serverNames.allSatisfy { AlternativeName.dns($0).isSound },
            "a profile needs 1 to 10 server names, each a host name")
        require((method == .tls) == (credential != nil), "a PKCS#12 file is for tls, and tls needs one")
        let size = credential?.count ?? 1
        require((1...Self.largestCredential).contains(size), "a PKCS#12 file has at most 65536 octets")
        return faults
    }

    /// The realm of the identity (RFC 7542); the first server's name for one without.
    var realm: String {
        guard let at = identity.lastIndex(of: "@") else { return serverNames.first ?? "" }
        return String(identity[identity.index(after: at)...])
    }

    private static func isText(_ text: String, octets: Int) -> Bool {
        (1...octets).contains(text.utf8.count) && XMLText.isWritable(text)
            // A byte order mark is dropped by readers of XML: the name would be another one.
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control || $0 == "\u{FEFF}" }
    }

    private static func isNAI(_ text: String) -> Bool {
        isText(text, octets: 253) && !text.contains(where: \.isWhitespace) && !text.hasSuffix("@")
    }
}

/// Where the UUIDs of a profile come from.
enum ProfileIdentifiers {
    /// From what the profile is for: installed again, it takes the place of the one before.
    case derived
    /// New ones: it stands beside the others.
    case random

    /// A UUID for `role`. Derived ones are version 8 (RFC 9562 §5.8), of SHA-256.
    func uuid(_ role: String, of subject: [String]) -> UUID {
        var octets: [UInt8]
        switch self {
        case .random: return UUID()
        case .derived:
            // Each part is preceded by its length, so that no two lists of parts read alike.
            let parts = ([role] + subject).flatMap { part in Array("\(part.utf8.count):\(part)".utf8) }
            octets = Array(Digest.sha256(parts).prefix(16))
        }
        octets[6] = octets[6] & 0x0f | 0x80
        octets[8] = octets[8] & 0x3f | 0x80
        return octets.withUnsafeBytes { UUID(uuid: $0.loadUnaligned(as: uuid_t.self)) }
    }
}
