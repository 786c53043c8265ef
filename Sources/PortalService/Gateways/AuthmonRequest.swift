import OpenSSL

/// What the `authmon` of an openNDS gateway (level 3) posts to the portal.
struct AuthmonRequest: Sendable, Equatable {
    /// Octets of a payload; openNDS's log line and lists of hashes fit many times over.
    static let maximumPayloadOctets = 8 * 1024

    /// What it asks.
    enum Action: Sendable, Equatable {
        /// The gateway starts: whatever waits for it is stale.
        case clear
        /// Give the list and forget it.
        case list
        /// Give the list and keep it until it is acknowledged.
        case view
        /// These tokens were let through; possibly none.
        case acknowledge([String])
        /// A device's session ended.
        case ended(EndedSession)
        /// Something for the portal's own use; we have none.
        case custom
    }

    let action: Action
    /// SHA-256 of the gateway's name.
    let gatewayHash: [UInt8]

    /// Reads the form; nil when it carries no `auth_get`.
    ///
    /// Throws `.gatewayRefused` for an unknown action, a hash that is not 32 octets, or a payload that cannot be read.
    init?(_ fields: Fields) throws(PortalError) {
        guard let verb = fields["auth_get"] else { return nil }
        guard let hash = fields["gatewayhash"].flatMap({ Hex.decode($0) }), hash.count == 32 else {
            throw PortalError(.gatewayRefused, "gatewayhash is not a SHA-256")
        }
        let payload = try Self.payload(fields["payload"] ?? "")
        switch verb {
        case "clear": action = .clear
        case "list": action = .list
        case "custom": action = .custom
        case "view": action = payload == "none" || payload.isEmpty ? .view : .acknowledge(Self.tokens(payload))
        case "deauthed":
            guard let ended = EndedSession(payload) else {
                throw PortalError(.gatewayRefused, "the end of a session cannot be read")
            }
            action = .ended(ended)
        default: throw PortalError(.gatewayRefused, "unknown auth_get")
        }
        gatewayHash = hash
    }

    private static func payload(_ text: String) throws(PortalError) -> String {
        guard text.utf8.count <= maximumPayloadOctets, let octets = Base64.decode(text),
            let payload = String(validating: octets, as: UTF8.self)
        else { throw PortalError(.gatewayRefused, "the payload is not base64 of text") }
        return payload
    }

    /// `* token token …`, by spaces or by lines.
    private static func tokens(_ payload: String) -> [String] {
        let words: [Substring] = payload.split { $0.isWhitespace || $0 == "*" }
        return words.filter { $0.utf8.count == 64 && Hex.decode($0) != nil }.map { String($0) }
    }
}

/// openNDS's line about a session that ended.
struct EndedSession: Sendable, Equatable {
    /// `client_deauth`, `idle_deauth`, `timeout_deauth`, `downquota_deauth`, `upquota_deauth`, `ndsctl_deauth`,
    /// `shutdown_deauth`, …
    let method: String
    let mac: String
    /// Octets to the device.
    let downloaded: Int64
    /// Octets from the device.
    let uploaded: Int64
    /// Seconds since 1970 by the gateway's clock; 0 where it gives none.
    let startedAt: Int64
    let endedAt: Int64
    /// What we gave with the authentication, decoded.
    let custom: String?

    /// Reads `method=…, clientmac=…, bytes_incoming=…, …`; nil without a method and a MAC. Counters that are missing,
    /// negative or no numbers count as 0.
    init?(_ line: String) {
        var values: [Substring: Substring] = [:]
        for part in line.split(separator: ",") {
            let trimmed = part.drop { $0 == " " }
            guard let equals = trimmed.firstIndex(of: "=") else { continue }
            let name = trimmed[..<equals]
            if values[name] == nil { values[name] = trimmed[trimmed.index(after: equals)...] }
        }
        guard let method = values["method"], let mac = values["clientmac"], method.utf8.count <= 64 else { return nil }
        func number(_ name: Substring) -> Int64 {
            max(0, values[name].flatMap { Int64($0.split(separator: " ").first ?? "") } ?? 0)
        }
        self.method = String(method)
        self.mac = String(mac.prefix { $0 != " " })
        downloaded = number("bytes_incoming")
        uploaded = number("bytes_outgoing")
        startedAt = number("session_start")
        endedAt = number("session_end")
        custom = values["custom"].flatMap(Self.custom)
    }

    /// openNDS hands the text back percent-encoded or as it was.
    private static func custom(_ text: Substring) -> String? {
        guard let plain = try? Fields(parsing: "c=\(text)")["c"], let octets = Base64.decode(plain) else { return nil }
        return String(validating: octets, as: UTF8.self)
    }
}
