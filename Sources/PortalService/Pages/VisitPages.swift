import Territory

/// The pages after the first: waiting, last step, connected, status, disconnected, problems, long texts.
struct VisitPages: Sendable {
    /// What is left of a visitor's rights.
    struct Remaining: Sendable, Equatable {
        /// Nil: without limit.
        let seconds: Int?
        /// Nil: without limit.
        let octets: Int64?
    }

    /// Seconds between two looks at a connection that is being made.
    static let waitSeconds = 3
    /// Seconds between two looks at the time and volume left.
    static let statusSeconds = 60

    let frame: PageFrame
    private var messages: Messages { frame.messages }

    /// The gateway is being told; the page asks again by itself, and offers a link for those who stop it.
    func waiting(visit: HTML) -> HTML {
        frame.page(
            title: messages("wait.title"), path: "/wait", visit: visit, pictogram: .wait,
            refreshSeconds: Self.waitSeconds,
            content: """
                <p class="d" role="status">\(messages("wait.text"))</p>
                <p><a class="b s" href="\(frame.link("/wait"))\(visit)">\(messages("wait.manual"))</a></p>

                """)
    }

    /// A form the browser must post to the gateway itself: one button, no script.
    func lastStep(action: String, fields: [(name: String, value: String)]) -> HTML {
        let inputs = fields.map { field -> HTML in
            "<input type=\"hidden\" name=\"\(field.name)\" value=\"\(field.value)\">\n"
        }
        return frame.page(
            title: messages("go.title"), pictogram: .network,
            content: """
                <p class="d">\(messages("go.text"))</p>
                <form method="post" action="\(action)">
                \(inputs)<button autofocus>\(messages("go.button"))</button>
                </form>

                """)
    }

    /// The device is connected.
    ///
    /// - Parameters:
    ///   - remaining: nil when the gateway says so but does not say whose connection it is.
    ///   - visit: what links to the status page carry.
    func connected(_ remaining: Remaining?, original: WebAddress?, visit: HTML) -> HTML {
        let onward: HTML? = original.map { address in
            """
            <p><a class="b" href="\(address.text)" rel="noreferrer">\(messages("done.continue", ["host": address.host]))</a></p>

            """
        }
        // Of a connection that is nobody's we know, the status page knows nothing either.
        let status: HTML? = remaining.map { _ in
            """
            <p><a class="b s" href="\(frame.link("/status"))\(visit)">\(messages("status.link"))</a></p>

            """
        }
        return frame.page(
            title: messages("done.title"), path: "/done", visit: visit, pictogram: .success,
            content: """
                <p class="d" role="status">\(messages("done.lead"))</p>
                \(remaining.map(left))\(onward)\(status)
                """)
    }

    /// Time and volume left, and a button to end the connection.
    func status(_ remaining: Remaining, token: HTML, visit: HTML) -> HTML {
        frame.page(
            title: messages("status.title"), path: "/status", pictogram: .success, refreshSeconds: Self.statusSeconds,
            content: """
                <p class="d" role="status">\(messages("status.connected"))</p>
                \(left(remaining))<form method="post" action="/\(frame.site.slug)/disconnect">
                <input type="hidden" name="lang" value="\(frame.language.rawValue)">
                <input type="hidden" name="t" value="\(token)">
                <input type="hidden" name="v" value="\(visit)">
                <button class="s">\(messages("status.disconnect"))</button>
                </form>
                <p class="h">\(messages("status.keep"))</p>

                """)
    }

    /// No connection of this device is known.
    func notConnected() -> HTML {
        frame.page(
            title: messages("status.title"), path: "/status", pictogram: .network,
            content: """
                <p class="d" role="status">\(messages("status.disconnected"))</p>
                <p><a class="b" href="\(frame.link(""))">\(messages("status.reconnect"))</a></p>

                """)
    }

    /// The connection ended, or will when the gateway has been told.
    func disconnected(pending: Bool) -> HTML {
        frame.page(
            title: messages("off.title"), pictogram: .network,
            content: """
                <p class="d" role="status">\(messages(pending ? "off.pending" : "off.lead"))</p>
                <p><a class="b" href="\(frame.link(""))">\(messages("status.reconnect"))</a></p>

                """)
    }

    /// Something went wrong; `retry` offers the first page again.
    func problem(title: String, text: String, retry: Bool = true) -> HTML {
        let again: HTML? =
            retry ? "<p><a class=\"b\" href=\"\(frame.link(""))\">\(messages("error.retry"))</a></p>\n" : nil
        return frame.page(
            title: title, pictogram: .problem, failed: true,
            content: """
                <p class="d" role="alert">\(text)</p>
                \(again)
                """)
    }

    /// Terms, privacy notice or accessibility declaration.
    func document(_ document: TextDocument, path: String, values: KeyValuePairs<String, String>) -> HTML {
        let retention = TextDocument.table(head: retentionHead, rows: frame.site.retention.map(retentionRow))
        return documentPage(document, path: path, values: values, retention: retention)
    }

    private var retentionHead: [String] {
        ["data", "basis", "kept"].map { messages("retention.head.\($0)") }
    }

    /// A class of the site's package: what it is, its basis in law, how long it is kept.
    private func retentionRow(_ rule: SitePackage.RetentionRule) -> [String] {
        let kept =
            rule.keepDays == 365 ? messages("retention.year") : messages("retention.days", ["n": String(rule.keepDays)])
        let clock = messages("retention.clock.\(rule.clock.rawValue)")
        return [messages("retention.\(rule.retentionClass.rawValue)"), rule.basis, "\(kept) \(clock)"]
    }

    private func documentPage(
        _ document: TextDocument, path: String, values: KeyValuePairs<String, String>, retention: HTML
    ) -> HTML {
        frame.page(
            title: Messages.fill(document.title, values), path: path,
            content: """
                <div class="t">
                \(document.body(values, retention: retention))</div>
                <p><a class="b s" href="\(frame.link(""))">\(messages("back"))</a></p>

                """)
    }

    private func left(_ remaining: Remaining) -> HTML {
        let time = remaining.seconds.map(messages.duration) ?? messages("status.unlimited")
        let volume = remaining.octets.map(messages.volume) ?? messages("status.unlimited")
        return """
            <dl class="c">
            <dt>\(messages("status.time"))</dt><dd>\(time)</dd>
            <dt>\(messages("status.volume"))</dt><dd>\(volume)</dd>
            </dl>

            """
    }
}
