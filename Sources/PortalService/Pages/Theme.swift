import Foundation
import Territory

/// The colours of a site's pages, from its package. Its pairs are checked where the package is read; what we derive from
/// them (links on the page's background, the dark scheme) is checked here, and replaced where it cannot be read.
struct Theme: Sendable, Hashable {
    /// The contrast between text and background below which we do not go (WCAG 2.1 §1.4.3).
    static let minimumContrast = 4.5
    /// A deep blue, 9.4 on white.
    static let standardAccent: UInt32 = 0x16467a

    let background: UInt32
    let text: UInt32
    /// Buttons, links and the strip at the top.
    let accent: UInt32
    /// What is written on a button.
    let accentText: UInt32

    /// Black on white, with our own accent.
    static let plain = Theme(background: 0xffffff, text: 0x16181d, accent: standardAccent, accentText: 0xffffff)

    private init(background: UInt32, text: UInt32, accent: UInt32, accentText: UInt32) {
        (self.background, self.text, self.accent, self.accentText) = (background, text, accent, accentText)
    }

    init(_ theme: PortalTheme) {
        (background, text) = (theme.background.rgb, theme.text.rgb)
        let isReadable = Self.contrast(theme.accent.rgb, theme.background.rgb) >= Self.minimumContrast
        accent =
            isReadable
            ? theme.accent.rgb : Self.contrast(Self.standardAccent, background) >= 4.5 ? Self.standardAccent : text
        let isLegible = Self.contrast(theme.accentText.rgb, accent) >= Self.minimumContrast
        accentText = isLegible ? theme.accentText.rgb : background
    }

    /// What is around the cards: the background with a breath of the text.
    var surround: UInt32 { Self.mix(background, with: text, share: 0.05) }

    /// The accent for dark backgrounds: mixed with white until it can be read on `background`.
    func darkAccentText(on background: UInt32) -> String {
        for step in 0...20 {
            let mixed = Self.mix(accent, with: 0xffffff, share: Double(step) / 20)
            if Self.contrast(mixed, background) >= 7 { return Self.text(mixed) }
        }
        return Self.text(0xffffff)
    }

    /// The contrast ratio of two colours (WCAG 2.1), 1 to 21.
    static func contrast(_ one: UInt32, _ other: UInt32) -> Double {
        let (first, second) = (luminance(one), luminance(other))
        return (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }

    private static func luminance(_ colour: UInt32) -> Double {
        func channel(_ shift: UInt32) -> Double {
            let value = Double(colour >> shift & 255) / 255
            return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
    }

    private static func mix(_ one: UInt32, with other: UInt32, share: Double) -> UInt32 {
        [16, 8, 0].reduce(0) { mixed, shift in
            let (from, to) = (Double(one >> UInt32(shift) & 255), Double(other >> UInt32(shift) & 255))
            return mixed | UInt32(from + (to - from) * share) << UInt32(shift)
        }
    }

    /// `#rrggbb`.
    static func text(_ colour: UInt32) -> String {
        let digits = String(colour, radix: 16)
        return "#" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}
