/// How the portal looks and speaks.
public struct PortalTheme: Sendable, Hashable, Codable {
    /// Smallest contrast of text (WCAG 2.1 §1.4.3, which RGAA 3.2 asks for).
    public static let smallestContrast = 4.5

    /// Behind everything.
    public let background: Colour
    /// Text on the background.
    public let text: Colour
    /// Buttons and links.
    public let accent: Colour
    /// Text on buttons.
    public let accentText: Colour
    /// Languages offered, the first being the default.
    public let languages: [Language]
    /// Whether sentences are the shortest there are (easy-to-read French), for a public that reads with difficulty.
    public let plainLanguage: Bool
    /// Above the login.
    public let welcome: LocalizedText
    /// Changes when the terms change; visitors accept anew.
    public let termsVersion: String

    enum CodingKeys: String, CodingKey {
        case background, text, accent, languages, welcome
        case accentText = "accent_text"
        case plainLanguage = "plain_language"
        case termsVersion = "terms_version"
    }
}
