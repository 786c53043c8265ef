import Foundation
internal import NetworkLogs
import Synchronization
internal import Territory

/// A declared source with its parser, and what is counted of it.
final class ServedSource: Sendable {
    let source: LogSource
    let parser: LineParser
    private let tally = Mutex(SourceTally())
    private let offset = Mutex(SourceClockOffset())

    /// Throws `.configuration` for a parser or a zone that there is not.
    init(_ source: LogSource) throws(RetentionError) {
        self.source = source
        var dialects: LineDialects = []
        for name in source.dialects {
            guard let dialect = LineDialects(name: name) else {
                throw RetentionError(.configuration, "source \(source.name): there is no parser \(name)")
            }
            dialects.formUnion(dialect)
        }
        parser = LineParser(dialects: dialects, clock: SourceClock(zone: try Self.zone(source.timeZone)))
    }

    /// The rule of an IANA zone, out of this machine's copy of the database.
    static func zone(_ name: String) throws(RetentionError) -> ZoneRule {
        if name == "UTC" { return .utc }
        guard TimeZone.knownTimeZoneIdentifiers.contains(name),
            let file = FileManager.default.contents(atPath: "/usr/share/zoneinfo/\(name)"),
            let rule = try? ZoneRule(tzif: [UInt8](file.prefix(65_536)))
        else { throw RetentionError(.configuration, "there is no time zone \(name)") }
        return rule
    }

    /// Adds what a listener has counted.
    func add(_ counted: SourceTally) { tally.withLock { $0.add(counted) } }

    /// What was counted since the last call.
    func take() -> SourceTally {
        tally.withLock { tally in
            defer { tally = .empty }
            return tally
        }
    }

    /// The clock's offset as far as is known.
    var clock: SourceClockOffset { offset.withLock { $0 } }

    /// Takes what was observed of the clock since the last time.
    func observe(lead: Int64?) { offset.withLock { $0.observe(lead: lead) } }
}

/// How far a source's clock is from ours, as its messages tell: the one that was fastest on its way in each of the last
/// minutes, the greatest of an hour.
struct SourceClockOffset: Sendable, Equatable {
    private var leads: [Int64] = []
    static let minutes = 60

    /// Milliseconds that the source's clock is ahead of ours, as a lower bound; nil: nothing is known.
    private(set) var milliseconds: Int32?
    /// How far that may be wrong: two seconds, and what its minutes differ by.
    private(set) var tolerance: UInt32 = 0

    /// Takes the greatest lead of a minute; nil for a minute without any.
    mutating func observe(lead: Int64?) {
        guard let lead else { return }
        leads.append(min(max(lead, Int64(Int32.min)), Int64(Int32.max)))
        if leads.count > Self.minutes { leads.removeFirst() }
        // Once a minute here, so that no record has to.
        guard let most = leads.max(), let least = leads.min() else { return }
        milliseconds = Int32(clamping: most)
        tolerance = UInt32(clamping: 2_000 + min(most - least, 3_600_000))
    }
}
