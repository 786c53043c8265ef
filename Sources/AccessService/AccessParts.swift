internal import Foundation
internal import Logging
internal import Store
internal import Territory

/// The parts that answer requests, made of each other.
struct AccessParts {
    let health: AccessHealth
    let deadlines: Deadlines
    let logins: LoginCache
    let notes: UsageNotes
    let writers: SessionWriters
    let drainer: SpoolDrainer?
    /// nil: EAP is not configured.
    let eap: EAPServer?
    private let loader: LoginLoader
    private let spooling: Spooling?
    private let configuration: AccessConfiguration
    private let keys: InstallationKeys
    private let clock: AccessClock
    private let log: AuthenticationLog?
    private let watch: DecisionWatch
    private let writeThreads: [WriteThread]
    private let logger: Logger

    init(
        configuration: AccessConfiguration, stores: AccessStores, keys: InstallationKeys, calendar: SiteCalendar,
        spooling: Spooling?, watch: DecisionWatch, clock: AccessClock, logger: Logger
    ) {
        let health = AccessHealth(spooling: spooling, clock: clock, logger: logger)
        let deadlines = Deadlines(clock: clock)
        let logins = LoginCache(capacity: configuration.loginCapacity)
        let loader = LoginLoader(lookup: stores.logins, cache: logins, keys: keys, calendar: calendar, clock: clock)
        let subjects = SubjectResolver(
            lookup: stores.logins, clock: clock, capacity: configuration.subjectCapacity)
        let notes = UsageNotes(clock: clock, capacity: configuration.loginCapacity)
        let count = configuration.accountingWriters
        let writers = SessionWriters(
            all: (0..<count).map { _ in
                SessionWriter(
                    sessions: stores.sessions, subjects: subjects, calendar: calendar, logins: logins, notes: notes,
                    clock: clock, capacity: max(1, configuration.sessionCapacity / count))
            })
        drainer = spooling.map {
            SpoolDrainer(
                spooling: $0, writers: writers, reader: AccountingReader(classes: keys.classes), health: health,
                deadlines: deadlines, storeTimeout: configuration.storeTimeout, logger: logger)
        }
        eap = configuration.eap.map { EAPServer($0, keys: keys, clock: clock, logger: logger) }
        (self.health, self.deadlines, self.logins, self.writers) = (health, deadlines, logins, writers)
        self.notes = notes
        (self.loader, self.spooling, self.configuration) = (loader, spooling, configuration)
        (self.keys, self.clock) = (keys, clock)
        writeThreads = stores.sessions.writeThreads
        (log, self.watch, self.logger) = (stores.authenticationLog, watch, logger)
    }

    /// What the packet threads share.
    func environment(directory: GatewayDirectory) throws(AccessError) -> AccessEnvironment {
        let mailboxes = MailboxList()
        var proxy: ProxyClient?
        if let wanted = configuration.proxy {
            proxy = try ProxyClient(
                wanted, key: keys.subkey("proxy-state"), mailboxes: mailboxes, clock: clock, logger: logger)
        }
        let threads = configuration.passwordThreads ?? ProcessInfo.processInfo.activeProcessorCount / 2
        let pool = PasswordPool(threads: threads, capacity: configuration.passwordCapacity, clock: clock)
        return AccessEnvironment(
            configuration: configuration, clock: clock, keys: keys, directory: directory,
            unknownSources: SourceSightings(clock: clock), accountSightings: AccountSightings(), notes: notes,
            recentAccepts: RecentAccepts(), logins: logins,
            lookups: LookupWorker(
                loader: loader, mailboxes: mailboxes, health: health, deadlines: deadlines,
                configuration: configuration),
            passwords: PasswordMemory(configuration: configuration, pool: pool),
            eap: eapPool(mailboxes),
            committers: AccountingCommitters(
                all: writers.all.enumerated().map { index, writer in
                    AccountingCommitter(
                        writer: writer, spooling: spooling, mailboxes: mailboxes, health: health, deadlines: deadlines,
                        configuration: configuration, thread: writeThreads[index % writeThreads.count])
                }),
            mailboxes: mailboxes, health: health,
            decisions: DecisionWriter(
                log: log, watch: watch, directory: directory, health: health, configuration: configuration,
                clock: clock, logger: logger),
            proxy: proxy)
    }

    private func eapPool(_ mailboxes: MailboxList) -> EAPPool? {
        guard let eap, let settings = configuration.eap else { return nil }
        return EAPPool(settings, server: eap, mailboxes: mailboxes, clock: clock)
    }
}
