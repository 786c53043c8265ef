extension SitePackage.NetworkPlan {
    /// Longest SSID, in octets (IEEE 802.11).
    public static let longestSSID = 32
    static let placeholders = ["{commune}", "{site}"]

    /// The SSID at a site: placeholders filled in, and cut to 32 octets between characters.
    public func ssid(commune: String, site: String) -> String {
        let filled = ssid.replacing("{commune}", with: commune).replacing("{site}", with: site)
        var result = ""
        for character in filled where result.utf8.count + character.utf8.count <= Self.longestSSID {
            result.append(character)
        }
        while result.last == " " { result.removeLast() }
        return result
    }
}
