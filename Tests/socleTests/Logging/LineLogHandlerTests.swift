import Foundation
import Logging
import Synchronization
import Testing

@testable import socle

@Suite struct LineLogHandlerTests {
    /// What a handler wrote.
    final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private func logger(_ format: Configuration.Logging.Format, into lines: Lines) -> Logger {
        Logger(label: "access") { label in
            LineLogHandler(label: label, format: format, level: .info) { line in lines.all.withLock { $0.append(line) }
            }
        }
    }

    @Test func `writes logfmt that no value can break out of`() {
        let lines = Lines()
        logger(.text, into: lines).info("two words", metadata: ["nas": "a\"b\nlevel=error", "request": "42"])
        let line = lines.all.withLock { $0.first } ?? ""
        #expect(
            line.hasSuffix("level=info logger=access message=\"two words\" nas=\"a\\\"b\\nlevel=error\" request=42\n"))
        #expect(line.filter(\.isNewline).count == 1)
    }

    @Test func `writes JSON that parses`() throws {
        let lines = Lines()
        logger(.json, into: lines).warning("\u{1}tab\there", metadata: ["site": "é“x”"])
        let line = lines.all.withLock { $0.first } ?? ""
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
        #expect(object["message"] == "\u{1}tab\there")
        #expect(object["site"] == "é“x”")
        #expect(object["level"] == "warning")
    }

    @Test(arguments: ["password", "sharedSecret", "csrf_token", "Authorization"])
    func `never writes the value of a key that names a secret`(key: String) {
        let lines = Lines()
        logger(.text, into: lines).error("x", metadata: [key: "hunter2"])
        #expect(lines.all.withLock { $0.first }?.contains("hunter2") == false)
    }

    @Test func `keeps to its level`() {
        let lines = Lines()
        logger(.text, into: lines).debug("quiet")
        #expect(lines.all.withLock { $0.isEmpty })
    }
}
