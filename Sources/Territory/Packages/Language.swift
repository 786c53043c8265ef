/// A language that visitors are spoken to in.
public enum Language: String, Sendable, Hashable, Codable, CaseIterable {
    /// French.
    case french = "fr"
    /// English.
    case english = "en"
}

/// A text in several languages; French is always there.
public struct LocalizedText: Sendable, Hashable, Codable {
    /// In French.
    public let fr: String
    /// In English.
    public let en: String?

    /// A text in these languages.
    public init(fr: String, en: String? = nil) {
        self.fr = fr
        self.en = en
    }

    /// The text in a language, French where it has none.
    public subscript(language: Language) -> String {
        switch language {
        case .french: fr
        case .english: en ?? fr
        }
    }
}
