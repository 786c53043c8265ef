/// A piece of HTML. Text that is interpolated is escaped, a piece of HTML is not: markup can only come from a literal in
/// our own source.
///
/// Every attribute value in our literals stands between double quotes, so the five characters below are enough.
struct HTML: ExpressibleByStringInterpolation, Sendable, Equatable {
    /// Marks where a page's per-visitor parts go; private-use characters, so escaping removes them from any text.
    static let slotMarks: ClosedRange<Unicode.Scalar> = "\u{F8D0}"..."\u{F8DF}"

    /// The markup.
    private(set) var text: String

    /// Markup written in our source.
    init(stringLiteral value: StaticString) { text = value.description }

    /// Markup written in our source, with what it interpolates.
    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    /// Nothing.
    init() { text = "" }

    private init(marks: String) { text = marks }

    /// Text that is markup already: our own style sheet, an encoded token. Never anything a visitor or gateway sent.
    static func raw(_ text: String) -> HTML { HTML(marks: text) }

    /// The mark of slot number `index`, 0 to 15.
    static func slot(_ index: UInt32) -> HTML {
        let scalar = Unicode.Scalar(slotMarks.lowerBound.value + min(index, 15))
        return HTML(marks: scalar.map { String(Character($0)) } ?? "")
    }

    /// `text` as it must be written in content or between double quotes.
    static func escape(_ text: some StringProtocol) -> String {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case slotMarks: break
            case "\t", "\n": escaped.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}": break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    static func + (left: HTML, right: HTML) -> HTML { HTML(marks: left.text + right.text) }
    static func += (left: inout HTML, right: HTML) { left.text += right.text }

    /// Builds the markup of an interpolated literal.
    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""
        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity &* 2) }
        mutating func appendLiteral(_ literal: StaticString) { text += literal.description }
        mutating func appendInterpolation(_ value: some StringProtocol) { text += HTML.escape(value) }
        mutating func appendInterpolation(_ value: Int) { text += String(value) }
        mutating func appendInterpolation(_ value: HTML) { text += value.text }
        mutating func appendInterpolation(_ value: [HTML]) { for piece in value { text += piece.text } }
        mutating func appendInterpolation(_ value: HTML?) { if let value { text += value.text } }
    }
}
