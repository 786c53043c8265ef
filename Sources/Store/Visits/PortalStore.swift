public import Logging
public import Postgres
public import Territory

/// Everything that the portal reads and writes, through one client of the role `socle_portal`.
public struct PortalStore: Sendable {
    private let client: PostgresClient
    /// The keys of the installation.
    public let keys: InstallationKeys

    /// Through this client.
    public init(_ client: PostgresClient, keys: InstallationKeys) { (self.client, self.keys) = (client, keys) }

    /// Sites and their gateways.
    public var sites: Sites { Sites(client, keys: keys) }
    /// Visitors let in.
    public var grants: Grants { Grants(client, keys: keys) }
    /// Codes handed out at the desk.
    public var vouchers: Vouchers { Vouchers(client, keys: keys) }
    /// Terms accepted.
    public var terms: TermsAcceptances { TermsAcceptances(client) }
    /// What openNDS gateways are told.
    public var handoffs: Handoffs { Handoffs(client) }
    /// Commands to the access daemon.
    public var outbox: Outbox { Outbox(client) }

    /// What pages tell of a grant and its session.
    public func visits(_ organisation: OrganisationID) -> PortalVisits { PortalVisits(client, of: organisation) }
    /// Sessions of one organisation.
    public func sessions(_ organisation: OrganisationID) -> SessionStore { SessionStore(client, of: organisation) }
    /// Today's usage of one organisation's subjects.
    public func usage(_ organisation: OrganisationID) -> UsageStore { UsageStore(client, of: organisation) }
    /// What changes.
    public func changes(logger: Logger) -> ChangeFeed { ChangeFeed(client, logger: logger) }
}
