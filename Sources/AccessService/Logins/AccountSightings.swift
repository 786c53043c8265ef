import Synchronization
internal import Territory

/// Accounts that have logged in since they were last written down: an inactivity rule closes accounts, so the day of the
/// last use has to be known.
///
/// Bound: `capacity` accounts between two rounds of housekeeping; one that does not fit is noted at its next login.
final class AccountSightings: Sendable {
    private let accounts = Mutex<Set<AccountID>>([])
    private let capacity: Int

    init(capacity: Int = 100_000) { self.capacity = capacity }

    func note(_ account: AccountID) {
        accounts.withLock { accounts in
            if accounts.count < capacity { accounts.insert(account) }
        }
    }

    /// Takes what was noted since the last time.
    func take() -> Set<AccountID> {
        accounts.withLock { accounts in
            defer { accounts = [] }
            return accounts
        }
    }
}
