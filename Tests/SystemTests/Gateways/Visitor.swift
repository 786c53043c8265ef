import Foundation
import Testing

/// A person with a phone at the open network of a site, whose browser asks for French.
struct Visitor: Sendable {
    /// Octets that a slow network carries in the first round trip of TCP: what the first page must fit in.
    static let firstPageOctets = 14 * 1024

    let browser: Browser
    /// Begins the names of the screenshots.
    let name: String

    /// Opens any page and is led to the portal, whose first page is `portal`.
    func arrives(at portal: String) async throws {
        let page = try await browser.open("http://meteo.example.test/")
        #expect(page.url.hasPrefix(portal), "led to \(page.url)")
        #expect(page.title.contains("Wi-Fi"), "\(page.title)")
        #expect(page.text.contains("Se connecter avec un code"), "\(page.text)")
        #expect(page.bytes > 500 && page.bytes < Self.firstPageOctets, "\(page.bytes) octets")
        try await browser.look(screenshot: "\(name)-1-portal")
    }

    /// Types a code that nobody has and is told so.
    func isRefused(with code: String) async throws {
        try await submit(code)
        try await shows("Ce code n’existe pas", screenshot: "\(name)-2-refused")
    }

    /// Types a code and ends on the page that says so.
    func logsIn(with code: String) async throws {
        try await submit(code)
        try await shows("Cet appareil a accès à Internet", screenshot: "\(name)-3-connected")
    }

    /// Looks at the time left and ends the connection there.
    func disconnects(from portal: String) async throws {
        let page = try await browser.open("\(portal)/status")
        #expect(page.url.hasPrefix(portal) && page.text.contains("Temps restant"), "\(page.url): \(page.text)")
        try await browser.look(screenshot: "\(name)-4-status")
        try await browser.click("form button")
        try await browser.look(screenshot: "\(name)-5-disconnected")
    }

    /// Types a code and sends the form.
    func submit(_ code: String) async throws {
        try await browser.fill("#code", code)
        try await browser.click("section[aria-labelledby='by-code'] button")
    }

    /// Types a name and a password and sends the form.
    func submit(user: String, password: String) async throws {
        try await browser.fill("#user", user)
        try await browser.fill("#password", password)
        try await browser.click("section[aria-labelledby='by-account'] button")
    }

    /// Waits for a page with that text: a form leads through the gateway, and its page may be loading yet.
    func shows(_ text: String, screenshot: String) async throws {
        let shown: Result<Void, any Error>
        do {
            try await eventually("a page says “\(text)”", within: .seconds(40)) {
                let page = try await browser.look()
                guard page.text.contains(text) else { throw NeverHappened(description: page.text) }
                return true
            }
            shown = .success(())
        } catch {
            shown = .failure(error)
        }
        // Afterwards, because pages that wait load themselves anew; and of what is there instead, too.
        try await browser.look(screenshot: screenshot)
        try shown.get()
    }
}
