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

    /// A field that people fill in.
    enum Field: String, Sendable {
        case code, user, password

        /// The `id` of what went wrong with it.
        var faultID: String { "\(rawValue)-x" }
    }

    /// A login that was refused, shown with the form again.
    struct Failure: Sendable {
        /// Something that went wrong.
        struct Fault: Sendable {
            /// What it is, for people.
            let text: String
            /// The field that it is about, which then points to it; nil: none.
            let field: Field?
        }

        /// At least one.
        let faults: [Fault]
        /// The name typed, shown again. A password never is.
        let user: String

        /// One thing that went wrong.
        init(text: String, field: Field? = nil, user: String = "") {
            self.init([Fault(text: text, field: field)], user: user)
        }

        /// Several.
        init(_ faults: [Fault], user: String = "") { (self.faults, self.user) = (faults, user) }
    }

    static let codeField = Field.code.rawValue
    static let userField = Field.user.rawValue
    static let passwordField = Field.password.rawValue
    static let tokenField = "t"
    static let contextField = "x"
    static let methodField = "method"
    /// Characters of the field: a code with every separator people add.
    static let codeFieldLength = 40

    let frame: PageFrame
    /// Whether the way the visitor came can have a password verified: elsewhere there is no form for one.
    var takesPasswords = true

    /// The ways to log in that are offered here.
    private var methods: [PortalSite.Method] {
        takesPasswords ? frame.site.methods : frame.site.methods.filter { $0 != .account }
    }

    /// The page, with `values` in their places.
    func html(_ values: Values, failure: Failure? = nil) -> HTML {
        let messages = frame.messages
        return frame.page(
            title: messages("home.title"), pictogram: .network, failed: failure != nil,
            content: """
                \(failure.map(summary))\(values.notice)<p class="d">\(frame.site.theme.welcome[frame.language])</p>
                \(choice)\(methods.map { form($0, values, failure) })\(limits)
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
        switch methods.count {
        case 0: "<p>\(frame.messages("home.noMethod"))</p>\n"
        case 1: ""
        default: "<p>\(frame.messages("home.methods"))</p>\n"
        }
    }

    private func summary(_ failure: Failure) -> HTML {
        let lines = failure.faults.map { fault -> HTML in
            guard let field = fault.field else { return "<p>\(fault.text)</p>\n" }
            return "<p><a href=\"#\(field.rawValue)\">\(fault.text)</a></p>\n"
        }
        return """
            <div class="e" id="problem" role="alert" tabindex="-1" autofocus>
            <h2>\(frame.messages("error.summary"))</h2>
            \(lines)</div>

            """
    }

    private func form(_ method: PortalSite.Method, _ values: Values, _ failure: Failure?) -> HTML {
        switch method {
        case .clickThrough: clickThrough(values)
        case .voucher: voucher(values, failure)
        case .account: account(values, failure)
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
        return """
            <section class="c" aria-labelledby="by-code">
            <h2 id="by-code">\(messages("voucher.heading"))</h2>
            <form method="post" action="\(action)">
            \(hidden(.voucher, values))<label for="code">\(messages("voucher.label"))</label>
            <p class="h" id="code-h">\(messages("voucher.hint"))</p>
            \(fault(.code, failure))<input type="text" id="code" name="code" maxlength="\(Self.codeFieldLength)" \
            autocomplete="one-time-code" autocapitalize="characters" autocorrect="off" spellcheck="false" required\
            \(state(.code, failure, hint: "code-h"))>
            <p>\(messages("voucher.explain")) \(termsLink).</p>
            <button>\(messages("voucher.button"))</button>
            </form>
            </section>

            """
    }

    /// `maxlength` counts UTF-16 units, so it is no bound here: a name that is too long is told so instead of cut.
    private func account(_ values: Values, _ failure: Failure?) -> HTML {
        let messages = frame.messages
        return """
            <section class="c" aria-labelledby="by-account">
            <h2 id="by-account">\(messages("account.heading"))</h2>
            <form method="post" action="\(action)">
            \(hidden(.account, values))<label for="user">\(messages("account.user"))</label>
            \(fault(.user, failure))<input type="text" id="user" name="user" value="\(failure?.user ?? "")" \
            autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" required\
            \(state(.user, failure))>
            <label for="password">\(messages("account.password"))</label>
            \(fault(.password, failure))<input type="password" id="password" name="password" \
            autocomplete="current-password" required\(state(.password, failure))>
            <p>\(messages("account.explain")) \(termsLink).</p>
            <button>\(messages("account.button"))</button>
            </form>
            </section>

            """
    }

    /// What went wrong with a field, above it.
    private func fault(_ field: Field, _ failure: Failure?) -> HTML? {
        failure?.faults.first { $0.field == field }.map { "<p class=\"x\" id=\"\(field.faultID)\">\($0.text)</p>\n" }
    }

    /// The attributes that tie a field to its hint and to what went wrong with it.
    private func state(_ field: Field, _ failure: Failure?, hint: String? = nil) -> HTML {
        let isWrong = failure?.faults.contains { $0.field == field } == true
        let described = [hint, isWrong ? field.faultID : nil].compactMap(\.self).joined(separator: " ")
        let invalid: HTML = isWrong ? " aria-invalid=\"true\"" : ""
        return described.isEmpty ? "" : "\(invalid) aria-describedby=\"\(described)\""
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
