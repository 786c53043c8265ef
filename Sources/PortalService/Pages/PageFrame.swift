import Territory

/// What is around the content of every page: head, header with the organisation's name first, language switch, footer.
struct PageFrame: Sendable {
    let site: PortalSite
    let texts: PortalTexts
    let language: Language
    let stylesheet: Stylesheet
    let conformity: Conformity
    /// What every link inside the portal carries along after `lang=…`: `&x=…` with the sealed gateway parameters.
    let carry: HTML

    var messages: Messages { texts.messages(language) }

    /// A whole page.
    ///
    /// - Parameters:
    ///   - title: the one `h1`, and the start of the window's title.
    ///   - path: the page below the site, for the language switch: empty or `/terms`.
    ///   - visit: what the language switch carries along beside: `&v=…`.
    ///   - refreshSeconds: the page asks for itself again after that time; nil: never.
    func page(
        title: String, path: String = "", visit: HTML = HTML(), pictogram: Pictogram? = nil, refreshSeconds: Int? = nil,
        failed: Bool = false, content: HTML
    ) -> HTML {
        let window = messages(
            "page.title",
            ["title": title, "site": site.name, "organisation": site.organisationName])
        let refresh: HTML? = refreshSeconds.map { "<meta http-equiv=\"refresh\" content=\"\($0)\">\n" }
        let style = HTML(trusted: stylesheet)
        return """
            <!DOCTYPE html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            \(refresh)<title>\(failed ? "\(messages("error.heading")) – \(window)" : window)</title>
            <link rel="icon" href="data:,">
            <style>\(style)</style>
            </head>
            <body>
            <a class="k" href="#main">\(messages("page.skip"))</a>
            <header><div class="w">
            <p class="o">\(site.organisationName)<span>\(site.name)</span></p>
            \(languageSwitch(path: path, visit: visit))
            </div></header>
            <main id="main" class="w" tabindex="-1">
            <h1\(pictogram.map(Self.titleClass))>\(pictogram?.html)\(title)</h1>
            \(content)</main>
            <footer><div class="w"><nav aria-label="\(messages("footer.label"))"><ul>
            <li><a href="\(link("/terms"))">\(messages("footer.terms"))</a></li>
            <li><a href="\(link("/privacy"))">\(messages("footer.privacy"))</a></li>
            <li><a href="\(link("/accessibility"))">\(conformityMention)</a></li>
            <li><a href="\(link("/status"))">\(messages("footer.status"))</a></li>
            </ul></nav></div></footer>
            </body>
            </html>

            """
    }

    /// An address inside the portal, in the page's language, with the gateway parameters.
    func link(_ path: String, in other: Language? = nil) -> HTML {
        "/\(site.slug)\(path)?lang=\((other ?? language).rawValue)\(carry)"
    }

    /// The mention the law asks for on the first page (décret n° 2019-768, article 4).
    var conformityMention: String {
        messages("footer.accessibility", ["conformity": messages(conformity.messageKey)])
    }

    private func languageSwitch(path: String, visit: HTML) -> HTML {
        let others = site.languages.filter { $0 != language }
        guard !others.isEmpty else { return "" }
        let links = others.map { other -> HTML in
            let name = texts.messages(other)("language.name")
            let code = other.rawValue
            return
                "<a class=\"g\" href=\"\(link(path, in: other))\(visit)\" lang=\"\(code)\" hreflang=\"\(code)\">\(name)</a>"
        }
        return "<nav aria-label=\"\(messages("language.choose"))\">\(links)</nav>"
    }

    private static func titleClass(_ pictogram: Pictogram) -> HTML {
        switch pictogram {
        case .success: " class=\"ok\""
        case .problem: " class=\"no\""
        case .network, .wait: ""
        }
    }
}

/// How far the pages comply with the RGAA, as the operator declares it after an audit.
public enum Conformity: String, Sendable, CaseIterable, Codable {
    case none, partial, full

    /// The message that names it.
    var messageKey: String { "conformity.\(rawValue)" }
}

extension HTML {
    /// The style sheet, which holds no `<`.
    fileprivate init(trusted stylesheet: Stylesheet) { self = HTML.raw(stylesheet.text.filter { $0 != "<" }) }
}
