internal import Store

/// What the packet threads share. All of it is safe to use from any thread.
struct AccessEnvironment: Sendable {
    let configuration: AccessConfiguration
    let clock: AccessClock
    let keys: InstallationKeys
    let directory: GatewayDirectory
    let unknownSources: SourceSightings
    let accountSightings: AccountSightings
    let notes: UsageNotes
    let recentAccepts: RecentAccepts
    let logins: LoginCache
    let lookups: LookupWorker
    let passwords: PasswordMemory
    /// nil: EAP is not configured.
    let eap: EAPPool?
    let committers: AccountingCommitters
    let mailboxes: MailboxList
    let health: AccessHealth
    let decisions: DecisionWriter
    /// nil: every realm is ours.
    let proxy: ProxyClient?
}
