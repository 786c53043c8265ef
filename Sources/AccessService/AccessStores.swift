public import Store

/// The parts of the store that the access daemon uses.
public struct AccessStores: Sendable {
    /// NAS and their secrets.
    public var servers: NASDirectory
    /// Sites.
    public var sites: Sites
    /// Package releases, for the rights of a site.
    public var packages: Packages
    /// Logins.
    public var logins: LoginLookup
    /// Sessions.
    public var sessions: SessionStore
    /// What subjects used.
    public var usage: UsageStore
    /// What changes.
    public var changes: ChangeFeed
    /// Commands of other daemons.
    public var outbox: Outbox
    /// Addresses of no NAS.
    public var unknownSources: UnknownSources
    /// Accounts, to remember when each was last used; nil: that is not remembered.
    public var accounts: Accounts?
    /// The log of decisions; nil: none is kept.
    public var authenticationLog: AuthenticationLog?

    /// These parts.
    public init(
        servers: NASDirectory, sites: Sites, packages: Packages, logins: LoginLookup, sessions: SessionStore,
        usage: UsageStore, changes: ChangeFeed, outbox: Outbox, unknownSources: UnknownSources,
        accounts: Accounts? = nil, authenticationLog: AuthenticationLog? = nil
    ) {
        (self.servers, self.sites, self.packages) = (servers, sites, packages)
        (self.logins, self.sessions, self.usage) = (logins, sessions, usage)
        (self.changes, self.outbox, self.unknownSources) = (changes, outbox, unknownSources)
        (self.accounts, self.authenticationLog) = (accounts, authenticationLog)
    }
}
