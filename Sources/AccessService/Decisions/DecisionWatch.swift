internal import Store
import Synchronization

/// The live decisions of this process, for operators who watch.
///
/// Bounds: ``maximumWatchers`` at once, ``bufferedLines`` waiting for each. A watcher that reads too slowly misses lines and
/// is told how many; the daemon never waits for one.
public final class DecisionWatch: Sendable {
    /// Watchers at once at most.
    public static let maximumWatchers = 8
    /// Lines that wait for one watcher at most.
    public static let bufferedLines = 1_000

    private struct State {
        var watchers: [Int: Watcher] = [:]
        var next = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let count = Atomic<Int>(0)

    /// Nobody watches so far.
    public init() {}

    /// A new watcher; nil: there are as many as there may be, or the daemon has ended. Call its `end` when done.
    public func begin(_ filter: WatchFilter) -> Watcher? {
        state.withLock { state in
            guard !state.isClosed, state.watchers.count < Self.maximumWatchers else { return nil }
            state.next += 1
            let watcher = Watcher(filter, number: state.next, watch: self)
            state.watchers[state.next] = watcher
            count.store(state.watchers.count, ordering: .relaxed)
            return watcher
        }
    }

    /// Whether nobody watches: then nothing need be prepared.
    var isIdle: Bool { count.load(ordering: .relaxed) == 0 }

    func publish(_ decisions: @autoclosure () -> [WatchedDecision]) {
        guard !isIdle else { return }
        let (decisions, watchers) = (decisions(), state.withLock { Array($0.watchers.values) })
        for watcher in watchers { watcher.offer(decisions) }
    }

    /// Wakes those for whom nothing came, so that a connection whose other end is gone is noticed.
    func beat() {
        guard !isIdle else { return }
        for watcher in state.withLock({ Array($0.watchers.values) }) { watcher.beat() }
    }

    /// Ends every watcher, and lets nobody begin.
    public func close() {
        let watchers = state.withLock { state in
            defer { (state.isClosed, state.watchers) = (true, [:]) }
            return Array(state.watchers.values)
        }
        for watcher in watchers { watcher.end() }
    }

    fileprivate func forget(_ number: Int) {
        state.withLock { state in
            state.watchers[number] = nil
            count.store(state.watchers.count, ordering: .relaxed)
        }
    }
}

/// One who watches.
public final class Watcher: Sendable {
    /// What is to be shown.
    public enum Line: Sendable, Hashable {
        /// A decision.
        case decision(WatchedDecision)
        /// So many decisions came faster than they were read.
        case missed(Int)
        /// Nothing, for a while.
        case beat
    }

    private let filter: WatchFilter
    private let number: Int
    private let watch: DecisionWatch
    private let lines = BatchInbox<Line>(capacity: DecisionWatch.bufferedLines)
    private let missed = Atomic<Int>(0)

    fileprivate init(_ filter: WatchFilter, number: Int, watch: DecisionWatch) {
        (self.filter, self.number, self.watch) = (filter, number, watch)
    }

    fileprivate func offer(_ decisions: [WatchedDecision]) {
        let wanted = decisions.filter(filter.wants)
        let taken = lines.append(contentsOf: wanted.map { .decision($0) })
        if taken < wanted.count { missed.add(wanted.count - taken, ordering: .relaxed) }
    }

    fileprivate func beat() {
        if lines.count == 0 { _ = lines.append(.beat) }
    }

    /// Waits for lines; empty: the daemon has ended, or the task was cancelled. One caller at a time.
    public func next() async -> [Line] {
        let taken = await lines.next()
        let lost = missed.exchange(0, ordering: .relaxed)
        return lost > 0 && !taken.isEmpty ? taken + [.missed(lost)] : taken
    }

    /// Watches no more.
    public func end() {
        lines.close()
        watch.forget(number)
    }
}
