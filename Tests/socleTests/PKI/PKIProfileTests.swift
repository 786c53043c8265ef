import Foundation
import FoundationXML
import OpenSSL
import Testing

@testable import socle

@Suite struct PKIProfileTests {
    private let authority: Certificate

    init() throws {
        authority = try CertificateAuthority.create(
            name: "Meuse & Cie", validity: CertificateValidity(days: 30, from: 1_800_000_000)
        ).certificate
    }

    private func profile(
        _ method: WiFiProfile.Method = .ttls, ssid: String = "Personnel", identity: String = "alice@staff.example.fr",
        outer: String? = "anonymous@staff.example.fr", names: [String] = ["radius.example.fr"],
        credential: [UInt8]? = nil, inner: WiFiProfile.Inner = .pap, identifiers: ProfileIdentifiers = .derived
    ) -> WiFiProfile {
        WiFiProfile(
            ssid: ssid, isHidden: false, encryption: .wpa2, method: method, inner: inner, identity: identity,
            outerIdentity: outer, serverNames: names, authority: authority, credential: credential,
            displayName: "Meuse & <Cie>", identifiers: identifiers)
    }

    private func propertyList(_ profile: WiFiProfile) throws -> [String: Any] {
        let data = Data(try profile.mobileConfiguration())
        return try #require(PropertyListSerialization.propertyList(from: data, format: nil) as? [String: Any])
    }

    private func payload(_ list: [String: Any], _ type: String) throws -> [String: Any] {
        let payloads = try #require(list["PayloadContent"] as? [[String: Any]])
        return try #require(payloads.first { $0["PayloadType"] as? String == type })
    }

    @Test(arguments: [(WiFiProfile.Method.ttls, 21), (.peap, 25), (.tls, 13)])
    func `Apple's profile ties the network to the authority and the server's name`(
        method: WiFiProfile.Method, type: Int
    ) throws {
        let credential: [UInt8]? = method == .tls ? [1, 2, 3] : nil
        let list = try propertyList(profile(method, ssid: "Été & <b>", credential: credential))
        let root = try payload(list, "com.apple.security.root")
        let wifi = try payload(list, "com.apple.wifi.managed")
        let eap = try #require(wifi["EAPClientConfiguration"] as? [String: Any])
        #expect(list["PayloadType"] as? String == "Configuration")
        #expect(root["PayloadContent"] as? Data == Data(authority.der))
        #expect(wifi["SSID_STR"] as? String == "Été & <b>")
        #expect(eap["AcceptEAPTypes"] as? [Int] == [type])
        #expect(eap["TLSTrustedServerNames"] as? [String] == ["radius.example.fr"])
        #expect(eap["PayloadCertificateAnchorUUID"] as? [String] == [root["PayloadUUID"]].compactMap { $0 as? String })
        #expect(eap["UserName"] as? String == "alice@staff.example.fr")
        #expect((eap["TTLSInnerAuthentication"] as? String == "PAP") == (method == .ttls))
        if method == .tls {
            let identity = try payload(list, "com.apple.security.pkcs12")
            #expect(identity["PayloadContent"] as? Data == Data([1, 2, 3]))
            #expect(identity["Password"] == nil)
            #expect(wifi["PayloadCertificateUUID"] as? String == identity["PayloadUUID"] as? String)
        } else {
            #expect(wifi["PayloadCertificateUUID"] == nil)
        }
    }

    @Test func `derived UUIDs stay, differ for each person and payload, and are of version 8 (RFC 9562 §5.8)`() throws {
        func uuids(_ profile: WiFiProfile) throws -> [String] {
            let list = try propertyList(profile)
            let payloads = try #require(list["PayloadContent"] as? [[String: Any]])
            return ([list] + payloads).compactMap { $0["PayloadUUID"] as? String }
        }
        let first = try uuids(profile())
        #expect(first.count == 3)
        #expect(try uuids(profile()) == first)
        #expect(Set(try uuids(profile(identity: "bob@staff.example.fr")) + first).count == 6)
        #expect(Set(try uuids(profile(identifiers: .random)) + first).count == 6)
        for uuid in first {
            let letters = Array(uuid)
            #expect(letters[14] == "8")
            #expect("89AB".contains(letters[19]))
        }
        let one = ProfileIdentifiers.derived.uuid("a", of: ["b", "c"])
        #expect(one != ProfileIdentifiers.derived.uuid("a", of: ["bc"]))
        #expect(one != ProfileIdentifiers.derived.uuid("ab", of: ["c"]))
    }

    @Test func `python reads Apple's profile too`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).mobileconfig")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(try profile(ssid: "Été & <b>").mobileConfiguration()).write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let program =
            "import plistlib,sys; print(plistlib.load(open(sys.argv[1],'rb'))['PayloadContent'][1]['SSID_STR'])"
        process.arguments = ["python3", "-X", "utf8", "-c", program, file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text == "Été & <b>\n")
    }

    @Test(arguments: [
        (WiFiProfile.Method.ttls, WiFiProfile.Inner.pap, ["21", "1"]), (.ttls, .mschapv2, ["21", "3"]),
        (.peap, .pap, ["25", "26"]), (.tls, .pap, ["13"]),
    ])
    func `eap-config names the method and the one inside by the schema's numbers`(
        method: WiFiProfile.Method, inner: WiFiProfile.Inner, types: [String]
    ) throws {
        let credential: [UInt8]? = method == .tls ? [1, 2, 3] : nil
        let document = try EAPConfigDocument(profile(method, ssid: "Été & <b>", credential: credential, inner: inner))
        #expect(document.texts("Type") == types)
        #expect(document.texts("SSID") == ["Été & <b>"])
        #expect(document.texts("ServerID") == ["radius.example.fr"])
        #expect(document.texts("CA").map { Data(base64Encoded: $0) } == [Data(authority.der)])
        #expect(document.texts("OuterIdentity") == ["anonymous@staff.example.fr"])
        #expect(document.texts("DisplayName") == ["Meuse & <Cie>"])
        #expect(document.texts("ClientCertificate") == (method == .tls ? ["AQID"] : []))
        #expect(document.texts("Password") + document.texts("Passphrase") == [])
        #expect(document.attributes["EAPIdentityProvider"]?["ID"] == "staff.example.fr")
        let inside = document.path(ofLast: "Type")
        #expect(inside.contains("NonEAPAuthMethod") == (method == .ttls))
        #expect(inside.contains("InnerAuthenticationMethod") == (method != .tls))
    }

    @Test(arguments: [
        "\"><x a=\"", "a&b", "]]>", "<!-- -->", "'", "👩‍💻", "日本",
    ])
    func `a text with markup stays a text`(ssid: String) throws {
        #expect(profile(ssid: ssid).faults() == [])
        #expect(try EAPConfigDocument(profile(ssid: ssid, identity: "a@\(ssid)")).texts("SSID") == [ssid])
        let wifi = try payload(propertyList(profile(ssid: ssid)), "com.apple.wifi.managed")
        #expect(wifi["SSID_STR"] as? String == ssid)
    }

    @Test func `an SSID has 1 to 32 octets (IEEE 802.11 §9.4.2.2) and no control character`() {
        #expect(profile(ssid: String(repeating: "é", count: 16)).faults() == [])
        for ssid in ["", String(repeating: "é", count: 16) + "a", "a\u{0}", "a\nb", "a\u{FFFE}", "\u{FEFF}a"] {
            #expect(profile(ssid: ssid).faults().count == 1)
        }
    }

    @Test func `identities, names and PKCS#12 files are bounded`() {
        #expect(profile(identity: String(repeating: "a", count: 253)).faults() == [])
        for identity in ["", String(repeating: "a", count: 254), "a b@c", "a@"] {
            #expect(profile(identity: identity).faults().count == 1)
        }
        #expect(profile(outer: "a b").faults().count == 1)
        for names in [[], ["*.example.fr"], Array(repeating: "a.fr", count: 11)] {
            #expect(profile(names: names).faults().count == 1)
        }
        let largest = [UInt8](repeating: 0, count: WiFiProfile.largestCredential)
        #expect(profile(.tls, credential: largest).faults() == [])
        #expect(profile(.tls, credential: largest + [0]).faults().count == 1)
        #expect(profile(.tls).faults().count == 1)
        #expect(profile(.peap, credential: [1]).faults().count == 1)
    }
}

/// An eap-config document, read by Foundation's parser.
private final class EAPConfigDocument: NSObject, XMLParserDelegate {
    private(set) var attributes: [String: [String: String]] = [:]
    private var read: [(path: [String], text: String)] = []
    private var open: [String] = []
    private var text = ""

    init(_ profile: WiFiProfile) throws {
        super.init()
        let parser = XMLParser(data: Data(profile.eapConfig().utf8))
        parser.delegate = self
        try #require(parser.parse(), "not well-formed")
    }

    func texts(_ name: String) -> [String] { read.filter { $0.path.last == name }.map(\.text) }
    func path(ofLast name: String) -> [String] { read.last { $0.path.last == name }?.path ?? [] }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        open.append(name)
        self.attributes[name] = attributes
        text = ""
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) { text += characters }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        read.append((open, text))
        open.removeLast()
        text = ""
    }
}
