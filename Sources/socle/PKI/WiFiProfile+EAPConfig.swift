import Foundation
import OpenSSL

extension WiFiProfile {
    /// The profile as `eap-config` (draft-winter-opsawg-eap-metadata-02, with CAT's OuterIdentity): what geteduroam reads
    /// on Android, Windows and Linux.
    func eapConfig() -> String {
        let provider = XMLText(
            "EAPIdentityProvider",
            attributes: [("version", "1"), ("ID", realm), ("namespace", "urn:RFC4282:realm"), ("lang", "fr")],
            [
                XMLText("AuthenticationMethods", [authenticationMethod]),
                XMLText(
                    "CredentialApplicability",
                    [XMLText("IEEE80211", [XMLText("SSID", text: ssid), XMLText("MinRSNProto", text: "CCMP")])]),
                XMLText("ProviderInfo", [XMLText("DisplayName", text: displayName)]),
            ])
        return XMLText(
            "EAPIdentityProviderList",
            attributes: [
                ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                ("xsi:noNamespaceSchemaLocation", "eap-metadata.xsd"),
            ], [provider]
        ).document
    }

    private var authenticationMethod: XMLText {
        let certificate = XMLText(
            "CA", attributes: [("format", "X.509"), ("encoding", "base64")],
            text: Data(authority.der).base64EncodedString())
        let parts = [
            XMLText("EAPMethod", [XMLText("Type", text: "\(method.type)")]),
            XMLText("ServerSideCredential", [certificate] + serverNames.map { XMLText("ServerID", text: $0) }),
            XMLText("ClientSideCredential", clientSide),
        ]
        return XMLText("AuthenticationMethod", parts + innerMethods)
    }

    private var clientSide: [XMLText] {
        var parts: [XMLText] = []
        if let outer = outerIdentity ?? (method == .tls ? identity : nil) {
            parts.append(XMLText("OuterIdentity", text: outer))
        }
        if method != .tls { parts.append(XMLText("UserName", text: identity)) }
        if let credential {
            parts.append(
                XMLText(
                    "ClientCertificate", attributes: [("format", "PKCS12"), ("encoding", "base64")],
                    text: Data(credential).base64EncodedString()))
        }
        return parts
    }

    private var innerMethods: [XMLText] {
        func carrying(_ kind: String, _ type: Int) -> [XMLText] {
            [XMLText("InnerAuthenticationMethod", [XMLText(kind, [XMLText("Type", text: "\(type)")])])]
        }
        switch (method, inner) {
        case (.tls, _): return []
        // 26 is EAP-MSCHAPv2.
        case (.peap, _): return carrying("EAPMethod", 26)
        // The schema's own numbers: 1 is PAP, 3 is MS-CHAPv2.
        case (.ttls, .pap): return carrying("NonEAPAuthMethod", 1)
        case (.ttls, .mschapv2): return carrying("NonEAPAuthMethod", 3)
        }
    }
}
