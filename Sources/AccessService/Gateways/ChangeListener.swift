internal import Foundation
internal import Logging
internal import Store
internal import Territory

/// Hears from the change feed what is not as it was: drops logins from memory and has the NAS read again.
struct ChangeListener: Sendable {
    let feed: ChangeFeed
    let logins: LoginCache
    let notes: UsageNotes
    let refresher: GatewayRefresher
    let health: AccessHealth
    let clock: AccessClock

    /// Listens until the feed ends (its client has, or the task is cancelled).
    func run() async {
        for await event in feed {
            let now = clock.monotonic()
            switch event {
            case .change(let change):
                health.feedChanged(isUp: true)
                hear(change, now)
            case .current: health.feedChanged(isUp: true)
            case .resync:
                logins.doubtEverything(now: now)
                refresher.request()
                health.feedChanged(isUp: true)
            case .lost: health.feedChanged(isUp: false)
            }
        }
        health.feedChanged(isUp: false)
    }

    private func hear(_ change: Change, _ now: UInt64) {
        switch change.subject {
        case .nas, .site: refresher.request()
        case .voucher: hear(SubjectReference(kind: .voucher, id: change.key), now)
        case .loginGrant: hear(SubjectReference(kind: .loginGrant, id: change.key), now)
        case .account: hear(SubjectReference(kind: .account, id: change.key), now)
        case .source, .injunction: break
        }
    }

    private func hear(_ subject: SubjectReference, _ now: UInt64) {
        logins.invalidate(subject, now: now)
        notes.note(changed: subject)
    }
}
