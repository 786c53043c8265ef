import Territory

extension Language {
    /// The language of a request: an explicit choice, else the first of Accept-Language (RFC 9110 §12.5.4) that
    /// `offered` has, else the first offered.
    static func choose(explicit: String?, acceptLanguage: String?, offered: [Language]) -> Language {
        if let explicit, let language = Language(rawValue: explicit), offered.contains(language) { return language }
        let standard = offered.first ?? .french
        guard let acceptLanguage else { return standard }
        var best: (language: Language, quality: Double)?
        for item in acceptLanguage.prefix(200).split(separator: ",", maxSplits: 16) {
            let parts = item.split(separator: ";")
            guard let range = parts.first?.drop(while: { $0 == " " }) else { continue }
            let quality = parts.dropFirst().first.flatMap(quality) ?? 1
            guard quality > 0, let language = Language(rawValue: range.prefix(2).lowercased()),
                offered.contains(language), quality > (best?.quality ?? 0)
            else { continue }
            best = (language, quality)
        }
        return best?.language ?? standard
    }

    private static func quality(_ parameter: Substring) -> Double? {
        let text = parameter.filter { $0 != " " }
        return text.hasPrefix("q=") ? Double(text.dropFirst(2)) : nil
    }
}
