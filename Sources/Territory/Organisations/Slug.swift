import Foundation

/// What stands for a name in an address: `^[a-z0-9][a-z0-9-]{0,62}$`.
public struct Slug: RawRepresentable, Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// Longest slug, in characters; the `site.slug` CHECK has the same bound.
    public static let maximumLength = 63

    /// The text.
    public let rawValue: String

    /// Nil unless the text is already a slug.
    public init?(rawValue: String) {
        let bytes = rawValue.utf8
        guard (1...Self.maximumLength).contains(bytes.count), bytes.first != UInt8(ascii: "-"),
            bytes.allSatisfy({ Self.isPlain($0) || $0 == UInt8(ascii: "-") })
        else { return nil }
        self.rawValue = rawValue
    }

    /// Makes a slug of a French name: "Salle des fêtes de Bar-le-Duc" becomes `salle-des-fetes-de-bar-le-duc`.
    /// Nil where nothing usable is left.
    public init?(name: String) {
        let text = name.lowercased().replacing("œ", with: "oe").replacing("æ", with: "ae").replacing("ß", with: "ss")
        var slug = ""
        var pendingHyphen = false
        // Decomposed, an accented letter is its base letter followed by marks, which are skipped without a hyphen.
        for scalar in text.decomposedStringWithCompatibilityMapping.unicodeScalars {
            if scalar.value < 0x80, Self.isPlain(UInt8(scalar.value)) {
                if pendingHyphen, !slug.isEmpty { slug.append("-") }
                pendingHyphen = false
                slug.unicodeScalars.append(scalar)
            } else if scalar.properties.canonicalCombiningClass == .notReordered {
                pendingHyphen = true
            }
        }
        self.init(rawValue: Self.cut(slug, to: Self.maximumLength))
    }

    /// This slug, or the first of `-2`, `-3` … for which `isTaken` is false. Nil when the first 9,999 are all taken.
    public func unique(isTaken: (Slug) -> Bool) -> Slug? {
        guard isTaken(self) else { return self }
        for number in 2...9_999 {
            let suffix = "-\(number)"
            let stem = Self.cut(rawValue, to: Self.maximumLength - suffix.utf8.count)
            if let candidate = Slug(rawValue: stem + suffix), !isTaken(candidate) { return candidate }
        }
        return nil
    }

    /// By text.
    public static func < (left: Slug, right: Slug) -> Bool { left.rawValue < right.rawValue }

    /// The text.
    public var description: String { rawValue }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func cut(_ text: String, to length: Int) -> String {
        var cut = text.prefix(length)
        while cut.last == "-" { cut.removeLast() }
        return String(cut)
    }
}
