import Foundation
@testable import Postgres
import Testing

@Suite struct MigratorTests {
    private static let shipped = URL(filePath: #filePath).appending(path: "../../../migrations").standardized.path()

    @Test func `the migrations of this repository apply to an empty database, and a second run has nothing to do`()
        async throws
    {
        let migrator = try Migrator(directory: Self.shipped)
        try await withDatabase { client, _ in
            let applied = try await migrator.migrate(client)
            #expect(applied == migrator.migrations.map(\.name))
            #expect(try await migrator.migrate(client) == [])
            #expect(try await migrator.status(client) == .init(applied: applied, pending: []))
        }
    }
}
