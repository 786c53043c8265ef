extension SitePackage {
    static func readTheme(_ reader: DocumentReader) -> PortalTheme? {
        let background = readColour(reader, "background")
        let text = readColour(reader, "text")
        let accent = readColour(reader, "accent")
        let accentText = readColour(reader, "accent_text")
        let languages: [Language] = reader.choices("languages", required: true)
        let plain = reader.bool("plain_language") ?? false
        let welcome: LocalizedText? = reader.group("welcome", required: true) { group in
            let fr = group.string("fr", required: true, length: 1...400)
            let en = group.string("en", required: languages.contains(.english), length: 1...400)
            return fr.map { LocalizedText(fr: $0, en: en) }
        }
        let terms = reader.string("terms_version", required: true, length: 1...32)
        guard let background, let text, let accent, let accentText else { return nil }
        for (key, front, back, name) in [
            ("text", text, background, "background"), ("accent", accent, background, "background"),
            ("accent_text", accentText, accent, "accent"),
        ] where front.contrast(with: back) < PortalTheme.smallestContrast {
            let hundredths = Int((front.contrast(with: back) * 100).rounded(.down))
            let fraction = hundredths % 100
            let ratio = "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
            reader.fault(key, "has a contrast of \(ratio) with \(name), wanted 4.5 at least (WCAG 1.4.3)")
        }
        guard let welcome, let terms else { return nil }
        return PortalTheme(
            background: background, text: text, accent: accent, accentText: accentText, languages: languages,
            plainLanguage: plain, welcome: welcome, termsVersion: terms)
    }

    private static func readColour(_ reader: DocumentReader, _ key: String) -> Colour? {
        guard let text = reader.string(key, required: true) else { return nil }
        guard let colour = Colour(text) else {
            reader.fault(key, "is \"\(text.prefix(20))\", wanted a colour such as \"#1a2b3c\"")
            return nil
        }
        return colour
    }

    static func readEquipment(_ reader: DocumentReader) -> ExpectedEquipment? {
        let role: ExpectedEquipment.Role? = reader.choice("role", required: true)
        let profiles = reader.strings("profiles", count: 1...20)
        let count = reader.integer("count", 1...500)
        let checks: [ExpectedEquipment.Check] = reader.choices("checks")
        return role.map { .init(role: $0, profiles: profiles, count: Int(count ?? 1), checks: checks) }
    }

    static func readAlert(_ reader: DocumentReader) -> AlertRule? {
        let recipient = reader.string("recipient", required: true)
        let events: [AlertRule.Event] = reader.choices("events", required: true)
        guard let recipient else { return nil }
        if !["commune", "departement", "operator"].contains(recipient), !isMailAddress(recipient) {
            reader.fault("recipient", "wanted commune, departement, operator or an e-mail address")
        }
        return AlertRule(recipient: recipient, events: events)
    }

    /// A plain shape: one `@`, a dotted domain, no space. Whether mail arrives is for a test message to tell.
    private static func isMailAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".") && !parts[1].hasPrefix(".")
            && !parts[1].hasSuffix(".") && text.allSatisfy { $0.isASCII && !$0.isWhitespace }
    }

    static func readRetention(_ reader: DocumentReader) -> RetentionRule? {
        let retentionClass: RetentionClass? = reader.choice("class", required: true)
        let basis = reader.string("basis", required: true)
        let clock: RetentionClass.Clock? = reader.choice("clock", required: true)
        let days = reader.integer("keep_days", required: true, 1...(retentionClass?.longestDays ?? 2_000))
        guard let retentionClass, let basis, let clock, let days else { return nil }
        return RetentionRule(retentionClass: retentionClass, basis: basis, clock: clock, keepDays: Int(days))
    }

    static func readSignage(_ reader: DocumentReader) -> Signage? {
        let text = { (group: DocumentReader) -> LocalizedText? in
            let fr = group.string("fr", required: true, length: 1...200)
            let en = group.string("en", length: 1...200)
            return fr.map { LocalizedText(fr: $0, en: en) }
        }
        let headline = reader.group("headline", required: true, text)
        let instructions = reader.group("instructions", required: true, text)
        let qrCode = reader.bool("qr_code") ?? true
        guard let headline, let instructions else { return nil }
        return Signage(headline: headline, instructions: instructions, qrCode: qrCode)
    }
}
