import Foundation
import Testing

struct SchemaTests {
    private static let golden = Installation.migrations + "/schema.sql"

    /// The schema without what differs from one server or one month to the next: comments, settings, and the partitions
    /// that exist because of today's date.
    private func normalised(_ conninfo: String) throws -> String {
        let dump = try Dump.of(
            conninfo,
            [
                "--schema-only", "--no-owner", "--exclude-table=access.session_2*",
                "--exclude-table=access.auth_event_2*", "--exclude-schema=public",
            ])
        var lines: [Substring] = []
        for line in dump.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("--") || line.hasPrefix("SET ") || line.hasPrefix("SELECT pg_catalog.set_config") {
                continue
            }
            // Newer pg_dump wraps its output so that psql refuses injected commands; the key in it is random.
            if line.hasPrefix("\\restrict") || line.hasPrefix("\\unrestrict") { continue }
            if line.isEmpty, lines.last?.isEmpty ?? true { continue }
            lines.append(line)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test func `is what migrations make it: schema.sql`() async throws {
        try await Installation.with { here in
            let schema = try normalised(here.conninfo)
            if ProcessInfo.processInfo.environment["SOCLE_REWRITE_GOLDEN"] == "1" {
                try schema.write(toFile: Self.golden, atomically: true, encoding: .utf8)
            }
            let golden = try String(contentsOfFile: Self.golden, encoding: .utf8)
            let difference = schema.split(separator: "\n").difference(from: golden.split(separator: "\n"))
            #expect(difference.isEmpty, "run with SOCLE_REWRITE_GOLDEN=1 when the change is meant")
        }
    }
}
