import OpenSSL

/// What a RouterOS hotspot passes to an external login page.
///
/// The router's `login.html` writes its variables into the address: `link-login-only`, `mac`, `ip`, `link-orig`,
/// `error`, `identity`, and where CHAP is on `chap-id` and `chap-challenge`, octal-escaped.
struct MikroTikRequest: Sendable, Equatable {
    /// Where the form must be posted: `http://host[:port]/login`.
    let host: String
    let port: UInt16
    let isSecure: Bool
    let path: String
    let mac: String?
    let address: String?
    let nasIdentifier: String?
    let originalURL: String?
    /// RouterOS's reason for a login it refused.
    let failure: String?
    /// Identifier and challenge; nil: the router takes the password itself.
    let chap: Chap?

    /// One octet of identifier and the octets of the challenge.
    struct Chap: Sendable, Equatable {
        let identifier: UInt8
        let challenge: [UInt8]
    }

    /// Reads the router's parameters; nil when the query carries none (no `link-login-only`).
    ///
    /// Throws `.gatewayRefused` for an address that is not `http(s)://host[:port]/path` of plain characters, or a CHAP
    /// challenge that cannot be read.
    init?(_ fields: Fields) throws(PortalError) {
        guard let link = fields["link-login-only"] ?? fields["linkloginonly"] else { return nil }
        let parts = try Self.parts(of: link)
        (isSecure, host, port, path) = parts
        mac = fields.filled("mac")
        address = fields.filled("ip")
        nasIdentifier = fields.filled("nasid") ?? fields.filled("identity")
        originalURL = fields.filled("link-orig") ?? fields.filled("linkorig")
        failure = fields.filled("error")
        chap = try Self.chap(identifier: fields.filled("chap-id"), challenge: fields.filled("chap-challenge"))
    }

    /// The password field of the form: the password, or its CHAP response in hexadecimal.
    static func password(_ password: String, chap: Chap?) -> String {
        guard let chap else { return password }
        return Hex.encode(Digest.md5([chap.identifier] + Array(password.utf8) + chap.challenge))
    }

    /// `http://host:port`, for the form's action and the content security policy.
    var origin: String {
        if isSecure { return "https://\(host.contains(":") ? "[\(host)]" : host)\(port == 443 ? "" : ":\(port)")" }
        return "http://\(GatewayHost.authority(host, port: port))"
    }

    private static func parts(
        of link: String
    ) throws(PortalError) -> (isSecure: Bool, host: String, port: UInt16, path: String) {
        guard let address = WebAddress(link), GatewayHost.isPlausible(address.host) else {
            throw PortalError(.gatewayRefused, "link-login-only is no address of a gateway")
        }
        let path = String(address.target.prefix { $0 != "?" && $0 != "#" })
        guard path.utf8.allSatisfy({ 0x21...0x7e ~= $0 && $0 != UInt8(ascii: "\"") }), path.utf8.count <= 128 else {
            throw PortalError(.gatewayRefused, "link-login-only has an odd path")
        }
        return (address.isSecure, address.host, address.port, path)
    }

    private static func chap(identifier: String?, challenge: String?) throws(PortalError) -> Chap? {
        guard let identifier, let challenge else { return nil }
        guard let first = octalDecoded(identifier), first.count == 1,
            let octets = octalDecoded(challenge), (1...64).contains(octets.count)
        else { throw PortalError(.gatewayRefused, "the CHAP challenge cannot be read") }
        return Chap(identifier: first[0], challenge: octets)
    }

    /// The octets of RouterOS's escaped text: `\ooo` is an octet in octal, any other character stands for itself.
    static func octalDecoded(_ text: String) -> [UInt8]? {
        var octets: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "\\") else {
                octets.append(octet)
                continue
            }
            let digits = rest.prefix(3)
            guard digits.count == 3, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8) else {
                return nil
            }
            octets.append(value)
            rest = rest.dropFirst(3)
        }
        return octets
    }
}
