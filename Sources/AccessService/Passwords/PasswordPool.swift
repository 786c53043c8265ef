import CLinux
import Foundation
import Synchronization

/// Verifies passwords with crypt(3) on threads of its own: a slow hash costs tens of milliseconds, and a packet thread
/// may not wait for one.
///
/// Bounds: `capacity` checks wait, `perAccount` of one account, one of an account runs at a time. Fairness: NAS take
/// turns; subjects that failed lately wait in a second line that gets one turn in four while the first is not empty; when
/// room is needed, the oldest check of a suspect goes first. So wrong passwords in any number delay each other.
///
/// `@unchecked Sendable`: `state` is touched only between `condition.lock()` and `unlock()`.
final class PasswordPool: @unchecked Sendable {
    fileprivate struct State {
        var trusted = FairQueue()
        var suspect = FairQueue()
        var running: Set<Int64> = []
        var waitingByAccount: [Int64: Int] = [:]
        var turns = 0
        var isClosed = false
        var shed: UInt64 = 0
    }

    private let condition = NSCondition()
    private var state = State()
    private let capacity: Int
    private let perAccount = 3
    private let clock: AccessClock
    let threads: Int

    init(threads: Int, capacity: Int, clock: AccessClock) {
        (self.threads, self.capacity, self.clock) = (max(1, threads), max(1, capacity), clock)
    }

    /// Checks waiting now, and all those shed so far.
    var load: (waiting: Int, shed: UInt64) {
        condition.withLock { (state.trusted.count + state.suspect.count, state.shed) }
    }

    /// Takes a check, or sheds one: its `finish` is then called with `.shed` at once.
    func submit(_ check: PasswordCheck) {
        let shed: PasswordCheck? = condition.withLock {
            guard !state.isClosed, state.waitingByAccount[check.account, default: 0] < perAccount else { return check }
            var victim: PasswordCheck?
            if state.trusted.count + state.suspect.count >= capacity {
                victim = state.suspect.shedFromLongest()
                if victim == nil {
                    if check.isSuspect { return check }
                    victim = state.trusted.shedFromLongest()
                }
                if let victim { state.settle(victim.account) }
            }
            state.waitingByAccount[check.account, default: 0] += 1
            if check.isSuspect { state.suspect.append(check) } else { state.trusted.append(check) }
            condition.signal()
            return victim
        }
        guard let shed else { return }
        condition.withLock { state.shed += 1 }
        shed.finish(.shed)
    }

    /// Runs the threads until `close`; returns when the last has ended.
    func run() async {
        await withDiscardingTaskGroup { group in
            for index in 0..<threads {
                group.addTask { await DedicatedThread.run("socle-password-\(index)") { self.work() } }
            }
        }
    }

    /// Sheds what waits and ends the threads after the checks they are at.
    func close() {
        var waiting: [PasswordCheck] = []
        condition.withLock {
            state.isClosed = true
            while let check = state.trusted.shedFromLongest() ?? state.suspect.shedFromLongest() {
                waiting.append(check)
            }
            condition.broadcast()
        }
        for check in waiting { check.finish(.shed) }
    }

    private func work() {
        let scratch = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        scratch.initialize(to: crypt_data())
        defer { scratch.deallocate() }
        while let check = next() {
            var outcome = PasswordOutcome.shed
            if check.deadline > clock.monotonic() {
                outcome = Self.matches(check.password, check.storedHash, scratch) ? .right : .wrong
            }
            condition.withLock {
                state.running.remove(check.account)
                if case .shed = outcome { state.shed += 1 }
                condition.broadcast()
            }
            check.finish(outcome)
        }
        scratch.update(repeating: crypt_data(), count: 1)
    }

    private func next() -> PasswordCheck? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            if let check = state.take() {
                state.settle(check.account)
                state.running.insert(check.account)
                return check
            }
            if state.isClosed { return nil }
            condition.wait()
        }
    }

    /// Whether crypt(3) of the password under the stored hash's own method and salt is the stored hash.
    static func matches(_ password: [UInt8], _ stored: String, _ scratch: UnsafeMutablePointer<crypt_data>) -> Bool {
        guard !password.contains(0), !stored.isEmpty, !stored.hasPrefix("*") else { return false }
        let phrase = password.map(CChar.init(bitPattern:)) + [0]
        guard let result = crypt_r(phrase, stored, scratch) else { return false }
        let computed = Array(UnsafeBufferPointer(start: result, count: strlen(result))).map(UInt8.init(bitPattern:))
        let expected = Array(stored.utf8)
        guard computed.count == expected.count, computed.first != UInt8(ascii: "*") else { return false }
        return zip(computed, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension PasswordPool.State {
    /// One turn in four goes to the suspects even while others wait: their owner may be among them.
    fileprivate mutating func take() -> PasswordCheck? {
        turns &+= 1
        if turns % 4 == 0 { return suspect.take(notIn: running) ?? trusted.take(notIn: running) }
        return trusted.take(notIn: running) ?? suspect.take(notIn: running)
    }

    fileprivate mutating func settle(_ account: Int64) {
        let left = waitingByAccount[account, default: 1] - 1
        waitingByAccount[account] = left > 0 ? left : nil
    }
}
