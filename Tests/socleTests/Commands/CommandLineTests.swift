import ArgumentParser
import Testing

@testable import socle

@Suite struct CommandLineTests {
    @Test func `the first configuration file that exists counts`() throws {
        let options = try InstallationOptions.parse([])
        #expect(try options.file(environment: ["SOCLE_CONFIG": "/a"]) { $0 == "/a" } == "/a")
        #expect(try options.file(environment: [:]) { $0 == "config/socle.yaml" } == "config/socle.yaml")
        #expect(try options.file(environment: [:]) { $0.hasPrefix("/etc") } == "/etc/socle/socle.yaml")
        #expect(try InstallationOptions.parse(["--config", "mine"]).file(environment: [:]) { _ in false } == "mine")
    }

    @Test func `no configuration file at all is said with the places looked at`() throws {
        let options = try InstallationOptions.parse([])
        let failure = #expect(throws: Failure.self) { try options.file(environment: [:]) { _ in false } }
        #expect(failure?.status == .configuration)
        #expect(failure?.description.contains("/etc/socle/socle.yaml") == true)
    }

    @Test func `a failure is one line with what and how to mend it, and its status`() {
        let (status, text) = CommandRun.rendering(
            of: Failure(.notFound, "there is no site x", mend: "see socle site list"))
        #expect(status == .notFound)
        #expect(text == "socle: there is no site x; see socle site list")
    }
}
