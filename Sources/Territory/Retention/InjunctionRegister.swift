public import Foundation

/// An injunction by decree to keep traffic data for a time (CPCE L.34-1 III): at most one year each.
public struct Injunction: Sendable, Equatable {
    /// The decree: `décret n° 2025-980`.
    public let reference: String
    /// In force from this instant …
    public let start: Date
    /// … until before this one.
    public let end: Date

    /// Nil where it ends before it starts, or lasts longer than a year.
    public init?(reference: String, start: Date, end: Date) {
        guard !reference.isEmpty, start < end, let year = RetentionPeriod(1, .years), end <= year.end(after: start)
        else {
            return nil
        }
        (self.reference, self.start, self.end) = (reference, start, end)
    }
}

/// Every injunction that was entered.
public struct InjunctionRegister: Sendable, Equatable {
    /// In the order of their start.
    public let injunctions: [Injunction]

    /// These, in any order.
    public init(_ injunctions: [Injunction] = []) {
        self.injunctions = injunctions.sorted { ($0.start, $0.end, $0.reference) < ($1.start, $1.end, $1.reference) }
    }

    /// The one in force; the one that ends last where several are.
    public func inForce(at instant: Date) -> Injunction? {
        injunctions.filter { $0.start <= instant && instant < $0.end }.max { $0.end < $1.end }
    }

    /// Days before the end of the last one in force at which somebody has to be told.
    public static let warnings = [60, 30, 7]

    /// How many whole days of collecting are left, where that is a matter for a warning: at most 60, and nothing entered
    /// that goes on from there. Nil: none is in force, or there is time.
    public func daysLeft(at instant: Date) -> Int? {
        guard var last = inForce(at: instant) else { return nil }
        while let next = inForce(at: last.end) { last = next }
        let days = Int(last.end.timeIntervalSince(instant) / 86_400)
        return Self.warnings.contains { days <= $0 } ? days : nil
    }
}
