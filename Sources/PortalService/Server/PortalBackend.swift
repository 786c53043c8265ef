import Foundation
import Logging
import Postgres
import Store
import Territory

/// The database as the portal uses it: every call ends within the configured time, and whatever fails is one error that
/// visitors are told plainly.
struct PortalBackend: Sendable {
    let client: PostgresClient
    let keys: InstallationKeys
    let timeout: Duration
    let logger: Logger

    /// Runs `work` against the database.
    ///
    /// Throws `.unavailable` when it fails or takes too long. A write that was cut off may have happened: all that the
    /// portal writes before the visitor goes back to the gateway is of no effect until then.
    func run<Value: Sendable>(
        _ what: StaticString, _ work: @escaping @Sendable () async throws -> Value
    ) async throws(PortalError) -> Value {
        do {
            return try await withThrowingTaskGroup(of: Value.self) { group in
                group.addTask { try await work() }
                group.addTask {
                    try await Task.sleep(for: timeout)
                    throw PortalError(.unavailable, "no answer in time")
                }
                defer { group.cancelAll() }
                guard let value = try await group.next() else { throw PortalError(.unavailable, "no answer") }
                return value
            }
        } catch {
            logger.warning("database: \(what): \(error)")
            throw PortalError(.unavailable, "\(what)", retryAfterSeconds: 60)
        }
    }

    var handoffs: Handoffs { Handoffs(client) }
    var outbox: Outbox { Outbox(client) }
    var terms: TermsAcceptances { TermsAcceptances(client) }
    var sites: Sites { Sites(client, keys: keys) }
    var grants: Grants { Grants(client, keys: keys) }
    var vouchers: Vouchers { Vouchers(client, keys: keys) }

    func visits(_ organisation: OrganisationID) -> PortalVisits { PortalVisits(client, of: organisation) }
    func sessions(_ organisation: OrganisationID) -> SessionStore { SessionStore(client, of: organisation) }
    func usage(_ organisation: OrganisationID) -> UsageStore { UsageStore(client, of: organisation) }
}
