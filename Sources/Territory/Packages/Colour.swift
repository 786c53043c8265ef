import Foundation

/// An sRGB colour, written `#1a2b3c`.
public struct Colour: Sendable, Hashable, Codable, CustomStringConvertible {
    /// 0xRRGGBB.
    public let rgb: UInt32

    /// Reads `#rrggbb`, in either case; nil for anything else.
    public init?(_ text: String) {
        let digits = text.dropFirst()
        guard text.first == "#", digits.utf8.count == 6, digits.utf8.allSatisfy({ hexadecimalDigit($0) != nil }),
            let rgb = UInt32(digits, radix: 16)
        else { return nil }
        self.rgb = rgb
    }

    /// Lowercase `#rrggbb`.
    public var description: String {
        let digits = String(rgb, radix: 16)
        return "#" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// Reads `#rrggbb`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let colour = Colour(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a colour")
        }
        self = colour
    }

    /// Writes `#rrggbb`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// Contrast with another colour, 1 … 21 (WCAG 2.1, "contrast ratio").
    public func contrast(with other: Colour) -> Double {
        let (a, b) = (luminance, other.luminance)
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    private var luminance: Double {
        let linear = { (shift: UInt32) -> Double in
            let value = Double(rgb >> shift & 0xFF) / 255
            return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0)
    }
}
