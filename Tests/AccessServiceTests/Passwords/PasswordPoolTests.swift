import CLinux
import Foundation
import Synchronization
import Testing

@testable import AccessService

@Suite struct PasswordPoolTests {
    /// SHA-256 crypt with the fewest rounds it allows: quick, and the same function that yescrypt goes through.
    private static func hash(_ password: String) -> String {
        var data = crypt_data()
        return crypt_r(password, "$5$rounds=1000$saltsalt$", &data).map { String(cString: $0) } ?? ""
    }

    private func check(
        _ account: Int64, _ password: String, _ hash: String, nas: Int64 = 1, suspect: Bool = false,
        deadline: UInt64 = .max, _ finish: @escaping @Sendable (PasswordOutcome) -> Void
    ) -> PasswordCheck {
        PasswordCheck(
            account: account, nas: nas, isSuspect: suspect, password: Array(password.utf8), storedHash: hash,
            deadline: deadline, finish: finish)
    }

    private func running<Value: Sendable>(
        threads: Int = 1, capacity: Int = 16, _ body: @Sendable (PasswordPool) async throws -> Value
    ) async throws -> Value {
        let pool = PasswordPool(threads: threads, capacity: capacity, clock: .system)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await pool.run() }
            defer { pool.close() }
            return try await body(pool)
        }
    }

    private func verify(_ pool: PasswordPool, _ password: String, _ hash: String, deadline: UInt64 = .max) async
        -> PasswordOutcome
    {
        await withCheckedContinuation { continuation in
            pool.submit(check(1, password, hash, deadline: deadline) { continuation.resume(returning: $0) })
        }
    }

    @Test func `tells a right password from a wrong one`() async throws {
        let hash = Self.hash("sésame")
        try await running { pool in
            #expect(await verify(pool, "sésame", hash) == .right)
            #expect(await verify(pool, "sesame", hash) == .wrong)
            #expect(await verify(pool, "", hash) == .wrong)
        }
    }

    @Test(arguments: ["", "*", "*0", "x", "$9$nonsense", "$5$rounds=1000$saltsalt$"])
    func `no password matches a stored hash that is none`(_ stored: String) async throws {
        try await running { pool in
            #expect(await verify(pool, "x", stored) == .wrong)
            #expect(await verify(pool, "", stored) == .wrong)
        }
    }

    @Test func `a password with a NUL in it never matches`() async throws {
        let hash = Self.hash("abc")
        try await running { pool in #expect(await verify(pool, "abc\0def", hash) == .wrong) }
    }

    @Test func `verifies yescrypt`() async throws {
        var data = crypt_data()
        let setting = crypt_gensalt_ra("$y$", 1, nil, 0)
        defer { free(setting) }
        let hash = crypt_r("mairie", setting, &data).map { String(cString: $0) } ?? ""
        try #require(hash.hasPrefix("$y$"))
        try await running { pool in
            #expect(await verify(pool, "mairie", hash) == .right)
            #expect(await verify(pool, "Mairie", hash) == .wrong)
        }
    }

    @Test func `a check whose NAS has given up is shed`() async throws {
        try await running { pool in #expect(await verify(pool, "x", Self.hash("x"), deadline: 0) == .shed) }
    }

    @Test func `an account has three checks waiting at most`() {
        let pool = PasswordPool(threads: 1, capacity: 16, clock: .system)
        let shed = Mutex(0)
        for _ in 0..<5 { pool.submit(check(7, "x", "y") { _ in shed.withLock { $0 += 1 } }) }
        #expect(shed.withLock(\.self) == 2)
        #expect(pool.load.waiting == 3)
        pool.close()
        #expect(shed.withLock(\.self) == 5)
    }

    @Test func `when there is no room, the oldest of the suspects goes first`() {
        let pool = PasswordPool(threads: 1, capacity: 4, clock: .system)
        let shed = Mutex<[Int64]>([])
        for account in 1...4 as ClosedRange<Int64> {
            pool.submit(check(account, "x", "y", suspect: account > 2) { _ in shed.withLock { $0.append(account) } })
        }
        pool.submit(check(5, "x", "y") { _ in shed.withLock { $0.append(5) } })
        #expect(shed.withLock(\.self) == [3])
        pool.submit(check(6, "x", "y", suspect: true) { _ in shed.withLock { $0.append(6) } })
        #expect(shed.withLock(\.self) == [3, 4])
        pool.close()
    }

    @Test func `a suspect displaces nobody who is trusted`() {
        let pool = PasswordPool(threads: 1, capacity: 2, clock: .system)
        let shed = Mutex<[Int64]>([])
        for account in [1, 2] as [Int64] {
            pool.submit(check(account, "x", "y") { _ in shed.withLock { $0.append(account) } })
        }
        pool.submit(check(3, "x", "y", suspect: true) { _ in shed.withLock { $0.append(3) } })
        #expect(shed.withLock(\.self) == [3])
        pool.close()
    }

    @Test func `a NAS that floods waits behind its own flood`() {
        var queue = FairQueue()
        for account in 1...10 as ClosedRange<Int64> { queue.append(check(account, "x", "y", nas: 1) { _ in }) }
        queue.append(check(99, "x", "y", nas: 2) { _ in })
        let order = (0..<3).compactMap { _ in queue.take(notIn: [])?.account }
        #expect(order == [1, 99, 2])
    }

    @Test func `an account whose password is being verified waits, others pass`() {
        var queue = FairQueue()
        queue.append(check(1, "x", "y") { _ in })
        queue.append(check(2, "x", "y") { _ in })
        #expect(queue.take(notIn: [1])?.account == 2)
        #expect(queue.take(notIn: [1]) == nil)
        #expect(queue.take(notIn: [])?.account == 1)
        #expect(queue.count == 0)
    }

    @Test func `memories end`() {
        let memory = RecentMemory(capacity: 64, lifetime: .seconds(1))
        let digest = KeyedDigest(high: 1, low: 2)
        memory.insert(digest, now: 10)
        #expect(memory.contains(digest, now: 1_000_000_009))
        #expect(!memory.contains(digest, now: 1_000_000_010))
    }

    @Test func `a memory is bounded, and what came last is in it`() {
        let memory = RecentMemory(capacity: 64, lifetime: .seconds(1))
        for number in 0..<10_000 as Range<UInt64> { memory.insert(KeyedDigest(high: number, low: number), now: 0) }
        let remembered = (0..<10_000 as Range<UInt64>).count { memory.contains(KeyedDigest(high: $0, low: $0), now: 0) }
        #expect(remembered <= 64)
        #expect(memory.contains(KeyedDigest(high: 9_999, low: 9_999), now: 0))
    }
}
