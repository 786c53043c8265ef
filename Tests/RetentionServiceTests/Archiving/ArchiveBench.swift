import Evidence
import Foundation
import Logging
import NIOPosix
import NetworkLogs
import Postgres
import Store
import Synchronization
import Territory

@testable import RetentionService

/// An archive in a directory of its own, with its keys, and a catalogue in a real database.
struct ArchiveBench: Sendable {
    let root: String
    let client: PostgresClient
    let auditor = ArchiveKey(generating: .auditor, name: "auditor")
    let officers = (1...3).map { ArchiveKey(generating: .officer, name: "officer-\($0)") }
    let signer: NoteSigner
    let policy: RetentionPolicy
    let organisation: OrganisationID
    let site: SiteID

    static let project = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    /// 15 January 2027, 08:00 UTC, in milliseconds.
    static let start: Int64 = 1_800_000_000_000

    var layout: ArchiveLayout { ArchiveLayout(root: root) }

    /// Runs `body` with an empty archive and a migrated database.
    static func with<Value: Sendable>(_ body: (ArchiveBench) async throws -> Value) async throws -> Value {
        let migrations = project.appending(path: "migrations").path
        let cluster = try await ScratchCluster.shared(migrations: migrations, durable: false)
        let conninfo = try await cluster.createDatabase()
        let root = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        var configuration = PostgresConfiguration(conninfo: conninfo)
        configuration.connectsEagerly = false
        return try await PostgresClient.withClient(configuration, logger: ScratchCluster.quiet) { client in
            let organisation = try await Organisations(client).ensure(
                kind: .commune, name: "Bar-le-Duc", codeINSEE: "55029")
            let rows = try await client.write(
                """
                WITH release AS (
                    INSERT INTO territory.package_release (name, version, document, sha256)
                    VALUES ('mairie', 1, '{}', \([UInt8](repeating: 1, count: 32))) RETURNING id
                )
                INSERT INTO territory.site (organisation_id, package_release_id, slug, name)
                SELECT \(organisation.id), id, 'mairie-bar', 'Mairie' FROM release RETURNING id
                """, repeatable: false)
            return try await body(
                ArchiveBench(
                    root: root, client: client,
                    signer: try NoteSigner(generating: .log, name: "archive.example/socle"),
                    policy: try RetentionPolicy.load(project.appending(path: "config/retention/france.yaml")),
                    organisation: organisation.id, site: try rows[0].decode(SiteID.self, column: 0)))
        }
    }

    func configuration() throws -> RetentionConfiguration {
        RetentionConfiguration(
            directory: root, policy: policy,
            recipients: try Recipients(auditor: auditor.recipient, officers: officers.map(\.recipient)), signer: signer)
    }

    var stores: RetentionStores {
        RetentionStores(
            sources: LogSources(client), injunctions: Injunctions(client), catalogue: SegmentCatalogue(client),
            changes: ChangeFeed(client, logger: ScratchCluster.quiet))
    }

    /// Declares a source at the site.
    func declare(_ new: NewLogSource) async throws -> LogSource { try await LogSources(client).add(new, to: site) }

    /// Every record in the archive, as two officers read it, with the names of the objects.
    func records() throws -> [(object: String, record: ArchivedRecord)] {
        guard let files = FileManager.default.enumerator(atPath: layout.published) else { return [] }
        var found: [(String, ArchivedRecord)] = []
        for case let name as String in files where name.hasSuffix(".segment") || name.hasSuffix(".journal") {
            let octets = try DurableFiles.read(layout.object(name), limit: 1 << 30)
            for record in try read(octets, isJournal: name.hasSuffix(".journal")) { found.append((name, record)) }
        }
        return found
    }

    private func read(_ octets: [UInt8], isJournal: Bool) throws -> [ArchivedRecord] {
        if isJournal {
            let file = try JournalFile(octets)
            return try file.records(try DataKey(try file.shares(of: officers[0]), try file.shares(of: officers[1])))
        }
        let file = try SegmentFile(SegmentSource(octets))
        let key = try DataKey(try file.shares(of: officers[1]), try file.shares(of: officers[2]))
        let reader = try SegmentReader(file, key)
        return try (0..<reader.blocks).flatMap { try reader.records(ofBlock: $0) }
    }

    /// The log's entries, read through its signed checkpoint.
    func entries() throws -> [LogEntry] {
        guard FileManager.default.fileExists(atPath: layout.checkpoint) else { return [] }
        let note = try SignedNote(octets: try DurableFiles.read(layout.checkpoint, limit: 1 << 20))
        let checkpoint = try Checkpoint(note.text)
        let layout = layout
        let tree = LogTree(size: checkpoint.size) { try layout.read($0) }
        return try (0..<checkpoint.size).map { try LogEntry(try tree.entry($0)) }
    }
}

/// A clock that stands still until it is set.
final class StandingClock: Sendable {
    private let now = Mutex(ArchiveBench.start)
    var clock: RetentionClock { RetentionClock { [self] in now.withLock { $0 } } }
    func advance(_ milliseconds: Int64) { now.withLock { $0 += milliseconds } }
}
