import Store

/// The list of devices to let through, as openNDS's authmon reads it.
enum AuthmonList {
    /// authmon cuts what it reads after `* ` at 1024 characters: an entry cut in two would be a wrong command.
    static let maximumOctets = 1024

    /// `* ` and as many whole entries as fit, the first first; `*` for none. Returns how many there are in it.
    static func text(_ handoffs: [PortalHandoff]) -> (text: String, count: Int) {
        var entries: [String] = []
        var octets = 0
        for handoff in handoffs {
            let entry = entry(handoff)
            guard octets + entry.utf8.count + 1 <= maximumOctets else { break }
            octets += entry.utf8.count + 1
            entries.append(entry)
        }
        return (entries.isEmpty ? "*" : "* \(entries.joined(separator: " "))", entries.count)
    }

    /// `token minutes up down up down custom`, percent-encoded so that it is one word. authmon hands it to a shell, so it
    /// is made of digits, letters and base64 alone.
    static func entry(_ handoff: PortalHandoff) -> String {
        PercentEncoding.encode(
            "\(handoff.draft.token) \(handoff.draft.parameters) \(OpenNDSSessions.custom(handoff))")
    }
}
