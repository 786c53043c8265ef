import Foundation

/// Reads the tags of a page, enough to check its structure.
struct Markup {
    struct Tag {
        let name: String
        let attributes: [String: String]
        /// The text up to the next tag.
        let text: String
    }

    let tags: [Tag]
    let source: String

    init(_ source: String) {
        self.source = source
        var tags: [Tag] = []
        var rest = source[...]
        while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
            let inside = rest[rest.index(after: open)..<close]
            rest = rest[rest.index(after: close)...]
            let text = String(rest.prefix { $0 != "<" })
            tags.append(Self.tag(inside, text: text))
        }
        self.tags = tags
    }

    func all(_ name: String) -> [Tag] { tags.filter { $0.name == name } }

    private static func tag(_ inside: Substring, text: String) -> Tag {
        let name = inside.prefix { !$0.isWhitespace }
        var attributes: [String: String] = [:]
        var rest = inside.dropFirst(name.count)
        while true {
            rest = rest.drop { $0.isWhitespace }
            let key = rest.prefix { !$0.isWhitespace && $0 != "=" && $0 != "/" }
            guard !key.isEmpty else { break }
            rest = rest.dropFirst(key.count)
            guard rest.first == "=" else {
                attributes[String(key)] = ""
                continue
            }
            rest = rest.dropFirst()
            let quoted = rest.first == "\""
            let value = quoted ? rest.dropFirst().prefix { $0 != "\"" } : rest.prefix { !$0.isWhitespace }
            attributes[String(key)] = String(value)
            rest = rest.dropFirst(value.count + (quoted ? 2 : 0))
        }
        return Tag(
            name: String(name), attributes: attributes, text: text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// What the RGAA 4.1 asks that a program can see; empty: nothing is wrong.
    var accessibilityFaults: [String] {
        var faults: [String] = []
        if all("html").first?.attributes["lang"]?.isEmpty != false { faults.append("no language (8.3)") }
        if all("title").first?.text.isEmpty != false { faults.append("no title (8.5)") }
        if all("h1").count != 1 { faults.append("\(all("h1").count) h1 (9.1)") }
        if all("main").count != 1 { faults.append("\(all("main").count) main (9.2)") }
        let levels = tags.compactMap { ["h1": 1, "h2": 2, "h3": 3][$0.name] }
        if zip(levels, levels.dropFirst()).contains(where: { $1 > $0 + 1 }) {
            faults.append("a heading is skipped (9.1)")
        }
        let ids = tags.compactMap { $0.attributes["id"] }
        if Set(ids).count != ids.count { faults.append("an id comes twice (8.2)") }
        for input in all("input") where input.attributes["type"] != "hidden" {
            let id = input.attributes["id"] ?? ""
            if !all("label").contains(where: { $0.attributes["for"] == id }) {
                faults.append("no label for \(id) (11.1)")
            }
            if input.attributes["autocomplete"] == nil { faults.append("no autocomplete on \(id) (11.13)") }
            for described in (input.attributes["aria-describedby"] ?? "").split(separator: " ")
            where !ids.contains(String(described)) {
                faults.append("\(id) is described by nothing (11.10)")
            }
        }
        for tag in tags {
            if let label = tag.attributes["aria-labelledby"], !ids.contains(label) {
                faults.append("labelled by nothing")
            }
            if tag.attributes["style"] != nil { faults.append("a style attribute, which the policy forbids") }
            if tag.attributes.keys.contains(where: { $0.hasPrefix("on") }) { faults.append("a script attribute") }
        }
        for svg in all("svg") where svg.attributes["aria-hidden"] != "true" { faults.append("a picture speaks (1.2)") }
        for nav in all("nav") where nav.attributes["aria-label"] == nil { faults.append("a nav without name (12.2)") }
        for header in all("th") where header.attributes["scope"] == nil { faults.append("a th without scope (5.7)") }
        let viewport = all("meta").first { $0.attributes["name"] == "viewport" }?.attributes["content"] ?? ""
        if viewport.contains("maximum-scale") || viewport.contains("user-scalable") {
            faults.append("zoom is kept away (10.4)")
        }
        if !all("script").isEmpty || !all("img").isEmpty || !all("iframe").isEmpty {
            faults.append("more than HTML and CSS")
        }
        if all("a").first?.attributes["href"] != "#main" { faults.append("no skip link (12.7)") }
        return faults
    }
}
