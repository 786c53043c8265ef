internal import Foundation
internal import Logging
internal import Metrics
internal import Pacing
internal import Store
internal import Territory

/// Ends or slows sessions whose right has ended: a quota is used up, an account closed, a voucher or grant taken back, a
/// term over, a place closed. Gateways end sessions by Session-Timeout and their own count; this is for those that do not,
/// and for what nobody knew when the visitor was let in.
///
/// Every node watches; the outbox keeps what several of them leave for one session to one command. Bounds: a second's look
/// is at 1,000 subjects and 2,000 sessions, a minute's sweep at 2,000 sessions.
struct RightsWatcher: Sendable {
    let notes: UsageNotes
    let sessions: SessionStore
    let outbox: Outbox
    let directory: GatewayDirectory
    let health: AccessHealth
    let clock: AccessClock
    let logger: Logger

    /// Watches until the task is cancelled: every `interval` those whose usage has grown, at once those whose right was
    /// changed, and every `sweepInterval` all others.
    func run(interval: Duration, sweepInterval: Duration) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                for await _ in Ticker(interval: interval, clock: ContinuousClock()) { _ = notes.rings.append(()) }
            }
            group.addTask {
                for await _ in Ticker(interval: sweepInterval, clock: ContinuousClock()) { await sweep() }
            }
            while !Task.isCancelled, !(await notes.rings.next()).isEmpty { await look() }
            group.cancelAll()
        }
    }

    /// Looks at the sessions of those who are noted.
    func look() async {
        while !Task.isCancelled, !health.storeIsAway {
            let subjects = notes.take()
            guard !subjects.isEmpty else { return }
            do {
                let now = clock.calendar()
                let standings = try await sessions.standings(of: subjects, day: Self.latestDay(now))
                notes.foundNothing(of: Set(subjects).subtracting(standings.compactMap(\.session.subject)))
                try await act(on: standings, now)
            } catch {
                // The next interim, or the next sweep, brings them back.
                logger.debug("rights cannot be looked at now", metadata: ["error": "\(error)"])
                return
            }
        }
    }

    /// Looks for sessions that nothing was heard of when their right ended.
    func sweep() async {
        guard !health.storeIsAway else { return }
        let now = clock.calendar()
        do {
            let standings = try await sessions.standings(
                endedBefore: now.addingTimeInterval(-RightsJudge.grace), at: closedSites(now),
                notCommandedSince: now.addingTimeInterval(-Outbox.patience), day: Self.latestDay(now))
            try await act(on: standings, now)
            let oldest = try await outbox.oldestUnfinished()
            Gauge(label: "socle_access_oldest_command_seconds").record(
                oldest.map { max(0, now.timeIntervalSince($0)) } ?? 0)
        } catch {
            logger.warning(
                "ended rights cannot be looked for, the next round does it", metadata: ["error": "\(error)"])
        }
    }

    private func act(on standings: [SessionStanding], _ now: Date) async throws {
        let snapshot = directory.snapshot
        var endings: [SessionEnding] = []
        for standing in standings {
            guard let served = snapshot.find(standing.session.nasID), let context = served.site else { continue }
            let judgement = RightsJudge(context: context, now: now).judge(standing)
            if let subject = standing.session.subject {
                if case .goesOn(let octetsLeft, let hasQuota) = judgement {
                    notes.found(subject, octetsLeft: octetsLeft, hasQuota: hasQuota)
                } else {
                    notes.found(subject, octetsLeft: nil, hasQuota: true)
                }
            }
            if let profile = served.profile, let ending = Self.ending(standing.session, judgement, profile) {
                endings.append(ending)
            }
        }
        let left = try await outbox.leaveOnce(endings, now: now)
        guard left > 0 else { return }
        logger.info("rights of sessions have ended", metadata: ["sessions": "\(left)"])
    }

    /// What is to be left for a session; nil: nothing, or nothing that its equipment understands.
    private static func ending(
        _ session: SessionRow, _ judgement: RightsJudge.Judgement, _ profile: EquipmentProfile
    ) -> SessionEnding? {
        guard profile.dynamicAuthorization != nil else { return nil }
        switch judgement {
        case .goesOn: return nil
        case .ends(let reason): return SessionEnding(session, .disconnect, reason: reason.rawValue)
        case .slows(let allowance, let reason, let mayEnd):
            guard profile.slowsSessions else {
                return mayEnd ? SessionEnding(session, .disconnect, reason: reason.rawValue) : nil
            }
            var attributes = allowance.commandAttributes
            if mayEnd { attributes[CommandPlan.orDisconnect] = "true" }
            return SessionEnding(session, .coa, reason: reason.rawValue, attributes: attributes)
        }
    }

    /// The sites where nobody is served now, nor was a minute ago.
    private func closedSites(_ now: Date) -> [SiteID] {
        var closed: Set<SiteID> = []
        for context in directory.snapshot.gateways.compactMap(\.site) {
            let isOpen = { (instant: Date) in
                context.rights.openingHours?.isOpen(at: instant, in: context.site.timeZone) ?? true
            }
            let earlier = now.addingTimeInterval(-RightsJudge.grace)
            if context.site.status == .closed || !(isOpen(now) || isOpen(earlier)) { closed.insert(context.site.id) }
        }
        return closed.sorted()
    }

    /// The latest day that any site has: usage of later days is none.
    private static func latestDay(_ now: Date) -> CivilDay { CivilDay(now.addingTimeInterval(14 * 3600), in: .gmt) }
}
