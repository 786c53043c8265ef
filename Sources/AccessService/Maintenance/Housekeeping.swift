internal import Foundation
internal import Logging
internal import Store
internal import Territory

/// What time alone brings about: silent sessions end, closed ones move to the history, partitions are made ahead, what is
/// of use to nobody any more is forgotten. Each step is safe to repeat and to run on several nodes at once.
struct Housekeeping: Sendable {
    let stores: AccessStores
    let directory: GatewayDirectory
    let writers: SessionWriters
    let sightings: SourceSightings
    let accounts: AccountSightings
    let health: AccessHealth
    let configuration: AccessConfiguration
    let clock: AccessClock
    let logger: Logger

    /// Works at every tick until the task is cancelled.
    func run(_ ticks: some AsyncSequence<Void, Never>) async {
        var listeningSince = clock.calendar()
        var lastDaily: CivilDay?
        for await _ in ticks {
            // While the store is away every session looks silent; that is our fault, not theirs.
            if health.status.storeAwaySince != nil { listeningSince = clock.calendar() }
            lastDaily = await work(listeningSince: listeningSince, lastDaily: lastDaily)
        }
    }

    /// One round; returns the day whose daily work is done.
    func work(listeningSince: Date, lastDaily: CivilDay?) async -> CivilDay? {
        let now = clock.calendar()
        do {
            try await stores.unknownSources.note(sightings.take())
            try await stores.accounts?.markSeen(accounts.take(), on: CivilDay(now, in: .gmt))
            try await closeSilent(now, listeningSince: listeningSince)
            try await moveToHistory(now)
            let today = CivilDay(now, in: .gmt)
            if today != lastDaily { try await workDaily(now, today) }
            return today
        } catch {
            logger.warning(
                "housekeeping could not finish, it goes on at the next round", metadata: ["error": "\(error)"])
            return lastDaily
        }
    }

    /// Ends the sessions of each site that have been silent for longer than its report interval allows.
    private func closeSilent(_ now: Date, listeningSince: Date) async throws {
        var sites: [TimeInterval: Set<SiteID>] = [:]
        for gateway in directory.snapshot.gateways {
            let interim = gateway.site?.rights.interimSeconds ?? Rights.defaultInterimSeconds
            let silence = max(SessionState.staleSeconds(interimSeconds: interim), configuration.staleAfterSeconds)
            sites[silence, default: []].insert(gateway.nas.siteID)
        }
        for (silence, sites) in sites where now.timeIntervalSince(listeningSince) > silence {
            while true {
                let closed = try await stores.sessions.closeSilent(
                    at: Array(sites), heardOfBefore: now.addingTimeInterval(-silence), limit: 1_000)
                await writers.forget(closed)
                if closed.count < 1_000 { break }
            }
        }
    }

    private func moveToHistory(_ now: Date) async throws {
        let instant = now.addingTimeInterval(-configuration.closedSessionsKept.seconds)
        while try await stores.sessions.moveToHistory(endedBefore: instant) > 0 { try Task.checkCancellation() }
    }

    private func workDaily(_ now: Date, _ today: CivilDay) async throws {
        try await stores.sessions.ensurePartitions(from: today, months: 3)
        try await stores.authenticationLog?.ensurePartitions(from: today, days: 7)
        try await stores.authenticationLog?.dropPartitions(
            before: CivilDay(daysSinceEpoch: today.daysSinceEpoch - configuration.logKeptDays + 1))
        try await stores.changes.prune(before: now.addingTimeInterval(-2 * ChangeFeed.retention.seconds))
        // A week more than a month may look back, for what a NAS tells late.
        let kept = QuotaPeriod.earliest(for: today).daysSinceEpoch - 7
        _ = try await stores.usage.forget(before: CivilDay(daysSinceEpoch: kept))
        _ = try await stores.unknownSources.forget(notSeenSince: now.addingTimeInterval(-30 * 86_400))
        // A year, as connection data are kept.
        try await stores.outbox.forgetAttempts(before: now.addingTimeInterval(-366 * 86_400))
        try await stores.outbox.expire(leftBefore: now.addingTimeInterval(-86_400), now: now)
        try await forgetDecisions(today)
    }
}

extension Housekeeping {
    /// Deletes the decisions that a site's package keeps for fewer days than the installation does. An event is at most that
    /// many days old when it goes. A site whose package cannot be read keeps its events until their day is dropped.
    private func forgetDecisions(_ today: CivilDay) async throws {
        guard let log = stores.authenticationLog else { return }
        let sites = try await stores.sites.list()
        let releases = try await stores.packages.find(Set(sites.map(\.packageReleaseID)))
        var days: [SiteID: CivilDay] = [:]
        for site in sites {
            guard let kept = releases[site.packageReleaseID]?.package.keptDays(.security),
                kept < configuration.logKeptDays
            else { continue }
            days[site.id] = CivilDay(daysSinceEpoch: today.daysSinceEpoch - kept + 1)
        }
        try await log.forget(before: days)
    }
}

extension Duration {
    /// As Foundation counts.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension AccessConfiguration {
    fileprivate var staleAfterSeconds: Double { staleAfter.seconds }
}
