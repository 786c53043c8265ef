import Foundation
import Logging
import Store
import Territory

/// The database as the portal uses it: every call ends within the configured time, and whatever fails is one error that
/// visitors are told plainly.
struct PortalBackend: Sendable {
    let store: PortalStore
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
                    // A deadline, not a wait: cancelled as soon as the database answers.
                    try await Task.sleep(for: timeout)
                    throw PortalError(.unavailable, "no answer in time")
                }
                defer { group.cancelAll() }
                guard let value = try await group.next() else { throw PortalError(.unavailable, "no answer") }
                return value
            }
        } catch {
            logger.warning("database: \(what): \(error)", metadata: RequestName.told())
            throw PortalError(.unavailable, "\(what)", retryAfterSeconds: 60)
        }
    }

    var keys: InstallationKeys { store.keys }
    var sites: Sites { store.sites }
    var handoffs: Handoffs { store.handoffs }
    var outbox: Outbox { store.outbox }
    var terms: TermsAcceptances { store.terms }
    var grants: Grants { store.grants }
    var vouchers: Vouchers { store.vouchers }

    func visits(_ organisation: OrganisationID) -> PortalVisits { store.visits(organisation) }
    func sessions(_ organisation: OrganisationID) -> SessionStore { store.sessions(organisation) }
    func usage(_ organisation: OrganisationID) -> UsageStore { store.usage(organisation) }
}
