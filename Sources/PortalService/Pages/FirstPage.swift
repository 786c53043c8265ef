import Territory

/// The page visitors see first: what is offered, and a form for each way to log in.
struct FirstPage: Sendable {
    /// What differs from one visitor to the next.
    struct Values: Sendable {
        /// The form's token.
        var token: HTML
        /// The sealed gateway parameters, as an attribute's value; empty without a gateway.
        var context: HTML
        /// Above the forms: nothing, or why there is no connection to be had from here.
        var notice: HTML
    }

    /// A login that was refused, shown with the form again.
    struct Failure: Sendable {
        /// What went wrong, for people.
        let text: String
        /// Whether it is about the code typed: then the field points to it.
        let isAboutCode: Bool
    }

    static let codeField = "code"
    static let tokenField = "t"
    static let contextField = "x"
    static let methodField = "method"
    /// Characters of the field: a code with every separator people add.
    static let codeFieldLength = 40

    let frame: PageFrame

    /// The page, with `values` in their places.
    func html(_ values: Values, failure: Failure? = nil) -> HTML {
        let messages = frame.messages
        return frame.page(
            title: messages("home.title"), pictogram: .network, failed: failure != nil,
            content: """
                \(failure.map(summary))\(values.notice)<p class="d">\(frame.site.theme.welcome[frame.language])</p>
                \(choice)\(frame.site.methods.map { form($0, values, failure) })\(limits)
                """)
    }

    /// The notice for somebody whose device did not come through a gateway.
    static func noGatewayNotice(_ frame: PageFrame) -> HTML {
        let text =
            frame.site.ssid.map { frame.messages("home.noGateway", ["ssid": $0]) }
            ?? frame.messages("home.noGatewayNoName")
        return "<div class=\"n\"><p>\(text)</p></div>\n"
    }

    private var choice: HTML {
        switch frame.site.methods.count {
        case 0: "<p>\(frame.messages("home.noMethod"))</p>\n"
        case 1: ""
        default: "<p>\(frame.messages("home.methods"))</p>\n"
        }
    }

    private func summary(_ failure: Failure) -> HTML {
        let target: HTML = failure.isAboutCode ? "<a href=\"#code\">\(failure.text)</a>" : "\(failure.text)"
        return """
            <div class="e" id="problem" role="alert" tabindex="-1" autofocus>
            <h2>\(frame.messages("error.summary"))</h2>
            <p>\(target)</p>
            </div>

            """
    }

    private func form(_ method: PortalSite.Method, _ values: Values, _ failure: Failure?) -> HTML {
        switch method {
        case .clickThrough: clickThrough(values)
        case .voucher: voucher(values, failure)
        }
    }

    private func clickThrough(_ values: Values) -> HTML {
        let messages = frame.messages
        return """
            <section class="c" aria-labelledby="free">
            <h2 id="free">\(messages("terms.heading"))</h2>
            <form method="post" action="\(action)">
            \(hidden(.clickThrough, values))<p>\(messages("terms.explain")) \(termsLink).</p>
            <button>\(messages("terms.button"))</button>
            </form>
            </section>

            """
    }

    private func voucher(_ values: Values, _ failure: Failure?) -> HTML {
        let messages = frame.messages
        let isWrong = failure?.isAboutCode == true
        let fault: HTML? = isWrong ? "<p class=\"x\" id=\"code-x\">\(failure?.text ?? "")</p>\n" : nil
        let state: HTML =
            isWrong ? " aria-invalid=\"true\" aria-describedby=\"code-h code-x\"" : " aria-describedby=\"code-h\""
        return """
            <section class="c" aria-labelledby="by-code">
            <h2 id="by-code">\(messages("voucher.heading"))</h2>
            <form method="post" action="\(action)">
            \(hidden(.voucher, values))<label for="code">\(messages("voucher.label"))</label>
            <p class="h" id="code-h">\(messages("voucher.hint"))</p>
            \(fault)<input type="text" id="code" name="code" maxlength="\(Self.codeFieldLength)" autocomplete="one-time-code" \
            autocapitalize="characters" autocorrect="off" spellcheck="false" required\(state)>
            <p>\(messages("voucher.explain")) \(termsLink).</p>
            <button>\(messages("voucher.button"))</button>
            </form>
            </section>

            """
    }

    private var action: HTML { "/\(frame.site.slug)/login" }

    private var termsLink: HTML { "<a href=\"\(frame.link("/terms"))\">\(frame.messages("terms.link"))</a>" }

    private func hidden(_ method: PortalSite.Method, _ values: Values) -> HTML {
        """
        <input type="hidden" name="method" value="\(method.rawValue)">
        <input type="hidden" name="lang" value="\(frame.language.rawValue)">
        <input type="hidden" name="t" value="\(values.token)">
        <input type="hidden" name="x" value="\(values.context)">

        """
    }

    private var limits: HTML {
        let (messages, rights) = (frame.messages, frame.site.rights)
        var lines: [String] = []
        if let seconds = rights.sessionSeconds {
            lines.append(messages("limits.time", ["duration": messages.duration(seconds: seconds)]))
        }
        if let octets = rights.dailyOctets {
            lines.append(messages("limits.volume", ["volume": messages.volume(octets: octets)]))
        }
        guard !lines.isEmpty else { return "" }
        let items = lines.map { line -> HTML in "<li>\(line)</li>" }
        return "<h2>\(messages("limits.title"))</h2>\n<ul>\(items)</ul>\n"
    }
}
