import Foundation
import OpenSSL

extension WiFiProfile {
    /// The profile as Apple's devices install it (Configuration Profile Reference, com.apple.wifi.managed).
    func mobileConfiguration() throws -> [UInt8] {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .xml
        return [UInt8](try encoder.encode(AppleProfile(self)))
    }
}

/// The property list. Its keys are Apple's names.
private struct AppleProfile: Encodable {
    let PayloadType = "Configuration"
    let PayloadVersion = 1
    let PayloadIdentifier, PayloadUUID, PayloadDisplayName: String
    let PayloadRemovalDisallowed = false
    let PayloadContent: [Payload]

    init(_ profile: WiFiProfile) {
        let names = AppleNames(profile)
        var payloads: [Payload] = [.certificate(.init(names, profile.authority))]
        if let credential = profile.credential {
            payloads.append(.certificate(.init(names, profile.identity, credential)))
        }
        payloads.append(.network(.init(names, profile)))
        (PayloadIdentifier, PayloadUUID) = (names.identifier(""), names.uuid("profile"))
        (PayloadDisplayName, PayloadContent) = ("\(profile.displayName): \(profile.ssid)", payloads)
    }

    enum Payload: Encodable {
        case certificate(CertificatePayload), network(NetworkPayload)

        func encode(to encoder: any Encoder) throws {
            switch self {
            case .certificate(let payload): try payload.encode(to: encoder)
            case .network(let payload): try payload.encode(to: encoder)
            }
        }
    }
}

/// Identifiers of one profile and its payloads.
private struct AppleNames {
    let prefix: String
    let subject: [String]
    let identifiers: ProfileIdentifiers
    private let fresh: [String: String]

    init(_ profile: WiFiProfile) {
        subject = [Hex.encode(profile.authority.fingerprint), profile.ssid, profile.identity]
        identifiers = profile.identifiers
        // Payloads refer to each other: each UUID is made once.
        var fresh: [String: String] = [:]
        for role in ["profile", "root", "credential", "wifi"] {
            fresh[role] = identifiers.uuid(role, of: subject).uuidString
        }
        self.fresh = fresh
        // A device replaces a profile by one of the same identifier: it is as stable as its UUID.
        prefix = "socle.wifi.\(fresh["profile"] ?? "")"
    }

    func uuid(_ role: String) -> String { fresh[role] ?? "" }
    func identifier(_ role: String) -> String { role.isEmpty ? prefix : "\(prefix).\(role)" }
}

/// The authority to trust, or the device's own certificate and key.
private struct CertificatePayload: Encodable {
    let PayloadType, PayloadIdentifier, PayloadUUID, PayloadDisplayName, PayloadCertificateFileName: String
    let PayloadVersion = 1
    let PayloadContent: Data

    init(_ names: AppleNames, _ authority: Certificate) {
        (PayloadType, PayloadContent) = ("com.apple.security.root", Data(authority.der))
        (PayloadIdentifier, PayloadUUID) = (names.identifier("root"), names.uuid("root"))
        (PayloadDisplayName, PayloadCertificateFileName) = (authority.commonName ?? authority.subject, "ca.cer")
    }

    init(_ names: AppleNames, _ identity: String, _ credential: [UInt8]) {
        (PayloadType, PayloadContent) = ("com.apple.security.pkcs12", Data(credential))
        (PayloadIdentifier, PayloadUUID) = (names.identifier("credential"), names.uuid("credential"))
        (PayloadDisplayName, PayloadCertificateFileName) = (identity, "identity.p12")
    }
}

private struct NetworkPayload: Encodable {
    let PayloadType = "com.apple.wifi.managed"
    let PayloadVersion = 1
    let PayloadIdentifier, PayloadUUID, PayloadDisplayName: String
    let SSID_STR, EncryptionType: String
    let HIDDEN_NETWORK: Bool
    let AutoJoin = true
    let ProxyType = "None"
    let PayloadCertificateUUID: String?
    let EAPClientConfiguration: AppleEAP

    init(_ names: AppleNames, _ profile: WiFiProfile) {
        (PayloadIdentifier, PayloadUUID) = (names.identifier("wifi"), names.uuid("wifi"))
        (PayloadDisplayName, SSID_STR) = ("Wi-Fi (\(profile.ssid))", profile.ssid)
        (EncryptionType, HIDDEN_NETWORK) = (profile.encryption.rawValue.uppercased(), profile.isHidden)
        PayloadCertificateUUID = profile.credential == nil ? nil : names.uuid("credential")
        EAPClientConfiguration = AppleEAP(names, profile)
    }
}

private struct AppleEAP: Encodable {
    let AcceptEAPTypes: [Int]
    let UserName: String
    let OuterIdentity, TTLSInnerAuthentication: String?
    let TLSTrustedServerNames, PayloadCertificateAnchorUUID: [String]
    let TLSMinimumVersion = "1.2"

    init(_ names: AppleNames, _ profile: WiFiProfile) {
        (AcceptEAPTypes, UserName, OuterIdentity) = ([profile.method.type], profile.identity, profile.outerIdentity)
        (TLSTrustedServerNames, PayloadCertificateAnchorUUID) = (profile.serverNames, [names.uuid("root")])
        switch (profile.method, profile.inner) {
        case (.ttls, .pap): TTLSInnerAuthentication = "PAP"
        case (.ttls, .mschapv2): TTLSInnerAuthentication = "MSCHAPv2"
        case (.peap, _), (.tls, _): TTLSInnerAuthentication = nil
        }
    }
}
