import Foundation

/// What time it is, for whoever stamps records.
public struct RetentionClock: Sendable {
    /// Milliseconds since 1970 UTC.
    public var milliseconds: @Sendable () -> Int64

    /// A clock that tests can set.
    public init(milliseconds: @escaping @Sendable () -> Int64) { self.milliseconds = milliseconds }

    /// The machine's.
    public static let system = RetentionClock { Int64(Date().timeIntervalSince1970 * 1_000) }

    /// As a date.
    var date: Date { Date(timeIntervalSince1970: Double(milliseconds()) / 1_000) }
}
