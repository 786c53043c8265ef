import Foundation
import OpenSSL

/// What an openNDS gateway tells the portal (forward authentication service) about a visitor.
///
/// Level 1 writes it in base64; levels 2 and 3 encrypt it with AES-256-CBC under the gateway's `faskey`, so only those
/// two prove that the gateway wrote it. Level 3 is level 2 over HTTPS, with the answer fetched by the gateway's `authmon`.
struct FASRequest: Sendable, Equatable {
    /// Octets of a decoded query; openNDS's own buffer has 8 KiB.
    static let maximumOctets = 8 * 1024
    /// Octets of the AES key: `faskey` filled up with zeros, as PHP's openssl_encrypt does.
    static let keyOctets = 32
    /// Octets of the vector, which is the text of `iv` itself.
    static let vectorOctets = 16

    /// The digest of the client's token; 64 hexadecimal digits.
    let hid: String
    let address: String
    let mac: String
    /// The gateway's name as it is spelled in the query (URL-encoded): what `gatewayhash` is the digest of.
    let gatewayName: String
    /// `address:port` of the gateway's own web server.
    let gatewayAddress: String
    /// Path on the gateway that takes the token.
    let authDirectory: String
    let originalURL: String?
    let version: String?
    /// Whether the gateway encrypted it, and so proved that it knows the key.
    let isEncrypted: Bool

    /// Reads the `fas` of a level 1 query.
    ///
    /// Throws `.gatewayRefused` for anything but base64 of openNDS's list.
    init(plain fas: String) throws(PortalError) {
        guard fas.utf8.count <= Self.maximumOctets * 4 / 3, let octets = Base64.decode(fas) else {
            throw PortalError(.gatewayRefused, "fas is not base64")
        }
        try self.init(list: octets, isEncrypted: false)
    }

    /// Reads the `fas` of a level 2 or 3 query; nil when it was not encrypted under this key.
    ///
    /// Throws `.gatewayRefused` for what no key could open: no base64 of base64 of whole blocks, or a vector that is not
    /// 16 characters.
    init?(encrypted fas: String, vector: String, key: [UInt8]) throws(PortalError) {
        guard vector.utf8.count == Self.vectorOctets else { throw PortalError(.gatewayRefused, "iv is not 16 octets") }
        guard fas.utf8.count <= Self.maximumOctets * 16 / 9, let inner = Base64.decode(fas),
            let sealed = Base64.decode(inner), !sealed.isEmpty, sealed.count.isMultiple(of: 16)
        else { throw PortalError(.gatewayRefused, "fas is not base64 of an encrypted list") }
        let padded = Array((key + [UInt8](repeating: 0, count: Self.keyOctets)).prefix(Self.keyOctets))
        guard let octets = try? AESCBC.decrypt(sealed, key: padded, iv: Array(vector.utf8)),
            octets.starts(with: Array("hid=".utf8))
        else { return nil }
        try self.init(list: octets, isEncrypted: true)
    }

    /// `hid=…, clientip=…, …`: the first value of a name wins; openNDS writes the visitor's own address (`originurl`),
    /// the only part the visitor chooses, percent-encoded and after the others.
    private init(list octets: [UInt8], isEncrypted: Bool) throws(PortalError) {
        guard octets.count <= Self.maximumOctets, !octets.contains(0),
            let text = String(validating: octets, as: UTF8.self)
        else { throw PortalError(.gatewayRefused, "the gateway's list is not text") }
        var values: [Substring: Substring] = [:]
        for part in text.split(separator: ", ") {
            guard let equals = part.firstIndex(of: "=") else { continue }
            let name = part[..<equals]
            if values[name] == nil { values[name] = part[part.index(after: equals)...] }
        }
        func value(_ name: Substring) -> String? {
            guard let text = values[name]?.drop(while: { $0 == " " }), !text.isEmpty else { return nil }
            return String(text)
        }
        guard let hid = value("hid"), hid.utf8.count <= 64, Hex.decode(hid) != nil,
            let address = value("clientip"), GatewayHost.address(address) != nil,
            let mac = value("clientmac"), let name = value("gatewayname"), name.utf8.count <= 256,
            let gateway = value("gatewayaddress"), WebAddress("http://\(gateway)/")?.target == "/"
        else { throw PortalError(.gatewayRefused, "the gateway's list is incomplete") }
        (self.hid, self.address, self.mac, self.gatewayName, gatewayAddress) = (hid, address, mac, name, gateway)
        authDirectory = try Self.directory(value("authdir"))
        originalURL = value("originurl").flatMap { try? Fields(parsing: "u=\($0)")["u"] }
        version = value("version")
        self.isEncrypted = isEncrypted
    }

    /// Level 1 sends no `authdir`; openNDS's own is the default.
    private static func directory(_ text: String?) throws(PortalError) -> String {
        guard let text else { return "opennds_auth" }
        let name = text.drop { $0 == "/" }
        guard (1...64).contains(name.utf8.count),
            name.utf8.allSatisfy({
                0x30...0x39 ~= $0 || 0x41...0x5a ~= $0 || 0x61...0x7a ~= $0 || $0 == 0x5f || $0 == 0x2d
            })
        else { throw PortalError(.gatewayRefused, "authdir is no name") }
        return String(name)
    }

    /// The token the gateway compares: SHA-256 of `hid` and the key, as text.
    func returnedHash(key: [UInt8]) -> String { Hex.encode(Digest.sha256(Array(hid.utf8) + key)) }

    /// What the gateway's `authmon` calls itself by.
    var gatewayHash: [UInt8] { Digest.sha256(Array(gatewayName.utf8)) }

    /// The gateway's name for people and for finding it: decoded, without the ` Node:…` that openNDS adds.
    var plainGatewayName: String {
        let decoded = (try? Fields(parsing: "n=\(gatewayName)")["n"]) ?? gatewayName
        guard let suffix = decoded.range(of: " Node:") else { return decoded }
        return String(decoded[..<suffix.lowerBound])
    }

    /// The gateway's host, without port.
    var gatewayHost: String { WebAddress("http://\(gatewayAddress)/")?.host ?? "" }
}
