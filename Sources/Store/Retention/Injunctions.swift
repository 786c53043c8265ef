internal import Foundation
public import Postgres
public import Territory

/// The register of decrees that order traffic data to be kept.
public struct Injunctions: Sendable {
    private let client: PostgresClient

    /// Through this client.
    public init(_ client: PostgresClient) { self.client = client }

    /// All that were entered.
    public func register() async throws -> InjunctionRegister {
        var injunctions: [Injunction] = []
        for row in try await client.query(
            "SELECT reference, starts_at, ends_at FROM retention.injunction ORDER BY id")
        {
            let (reference, start, end) = try row.decode(String.self, Date.self, Date.self)
            guard let injunction = Injunction(reference: reference, start: start, end: end) else {
                throw StoreError(.unreadable, "injunction")
            }
            injunctions.append(injunction)
        }
        return InjunctionRegister(injunctions)
    }

    /// Enters one; it is never changed afterwards. Throws `.duplicate` when its reference is entered already.
    public func add(_ injunction: Injunction, by actor: String) async throws {
        do throws(PostgresError) {
            _ = try await client.write(
                """
                INSERT INTO retention.injunction (reference, starts_at, ends_at, entered_by)
                VALUES (\(injunction.reference), \(injunction.start), \(injunction.end), \(actor))
                """, repeatable: false)
        } catch {
            guard error.sqlState == SQLState.uniqueViolation else { throw error }
            throw StoreError(.duplicate, "injunction \(injunction.reference)")
        }
    }
}
