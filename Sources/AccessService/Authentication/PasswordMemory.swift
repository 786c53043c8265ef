internal import OpenSSL

/// What the packet threads share about passwords: those found right and wrong lately, who failed lately, and the pool.
final class PasswordMemory: Sendable {
    /// Found right, for minutes.
    let right: RecentMemory
    /// Found wrong, for seconds: the same wrong password again costs no hash.
    let wrong: RecentMemory
    /// Accounts and devices that failed: their next passwords wait behind the others.
    let suspects: RecentMemory
    let pool: PasswordPool
    /// Made for this process; nothing written anywhere can be computed from it.
    let key: [UInt8]

    init(configuration: AccessConfiguration, pool: PasswordPool) {
        right = RecentMemory(capacity: configuration.loginCapacity, lifetime: configuration.passwordMemory)
        wrong = RecentMemory(capacity: 50_000, lifetime: .seconds(15))
        suspects = RecentMemory(capacity: 50_000, lifetime: .seconds(60))
        self.pool = pool
        key = SecureRandom.bytes(32)
    }
}
