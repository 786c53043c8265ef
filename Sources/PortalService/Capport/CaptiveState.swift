/// The answer of the captive portal API (RFC 8908 §5).
struct CaptiveState: Sendable, Equatable {
    /// The media type (RFC 8908 §8).
    static let mediaType = "application/captive+json"

    let captive: Bool
    /// Where a device that is captive finds the page.
    var userPortalURL: String?
    /// About the place.
    var venueInfoURL: String?
    /// Until the session ends; only for a device that is in.
    var secondsRemaining: Int?
    /// Octets left; only for a device that is in.
    var bytesRemaining: Int64?
    /// Whether the page can prolong the session.
    var canExtendSession: Bool?

    /// The JSON object, keys without a value left out.
    var json: String {
        var members = ["\"captive\":\(captive)"]
        if let userPortalURL { members.append("\"user-portal-url\":\(JSONText.quote(userPortalURL))") }
        if let venueInfoURL { members.append("\"venue-info-url\":\(JSONText.quote(venueInfoURL))") }
        if let secondsRemaining { members.append("\"seconds-remaining\":\(max(0, secondsRemaining))") }
        if let bytesRemaining { members.append("\"bytes-remaining\":\(max(0, bytesRemaining))") }
        if let canExtendSession { members.append("\"can-extend-session\":\(canExtendSession)") }
        return "{\(members.joined(separator: ","))}"
    }
}

/// Text in JSON (RFC 8259 §7).
enum JSONText {
    /// `text` between quotes.
    static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
