import Foundation

/// Chromium at the client's place of a lab, driven by `deploy/lab/browser.py`.
struct Browser: Sendable {
    /// What a person would see.
    struct Page: Decodable, Sendable {
        let url: String
        let title: String
        let text: String
        /// Octets of the page itself on the wire, headers included.
        let bytes: Int
        /// From the click to the end of loading.
        let seconds: Double
    }

    private let lab: Lab
    private let script: String

    /// Starts the browser.
    init(_ lab: Lab) async throws {
        self.lab = lab
        script = try Product.root().appending(path: "deploy/lab/browser.py").path
        let home = lab.folder.path("home")
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        try await lab.start("chromedriver", .client, ["env", "HOME=\(home)", "chromedriver", "--port=9515"])
        try await eventually("chromedriver listens") {
            try await lab.command(.client, ["curl", "-s", "-m", "2", "http://127.0.0.1:9515/status"]).outcome().status
                == 0
        }
        try await step("start")
    }

    /// Loads a page.
    @discardableResult
    func open(_ url: String) async throws -> Page { try await step("open", url) }

    /// Types into a field.
    func fill(_ selector: String, _ text: String) async throws { try await step("fill", selector, text) }

    /// Clicks, and returns the page that is there afterwards.
    @discardableResult
    func click(_ selector: String) async throws -> Page { try await step("click", selector) }

    /// The page as it is now; with a name, a screenshot of it is kept.
    @discardableResult
    func look(screenshot name: String? = nil) async throws -> Page {
        guard let name else { return try await step("show") }
        return try await step("show", Product.screenshot(name))
    }

    @discardableResult
    private func step(_ arguments: String...) async throws -> Page {
        let output = try await lab.command(.client, [script, lab.folder.path("browser")] + arguments, limit: 90).run()
        return try JSONDecoder().decode(Page.self, from: Data(output.utf8))
    }
}
