import Testing

/// A condition that did not come true in time.
struct NeverHappened: Error, CustomStringConvertible {
    let description: String
}

/// Waits until `condition` gives a value, and returns it; throws ``NeverHappened`` when `limit` has passed.
///
/// The one place of these tests that polls: the programs around us (openNDS, hostapd, Chromium, a page, a row of another
/// process's database) announce nothing that could be awaited. The clock only paces the questions; no test depends on how
/// long a pause is. An error thrown by `condition` counts as "not yet" and is told when time is up.
@discardableResult
func eventually<Value: Sendable>(
    _ what: String, within limit: Duration = .seconds(10), _ condition: () async throws -> Value?
) async throws -> Value {
    let clock = ContinuousClock()
    let deadline = clock.now + limit
    var pause = Duration.milliseconds(10)
    var lastError: (any Error)?
    repeat {
        do {
            if let value = try await condition() { return value }
            lastError = nil
        } catch {
            lastError = error
        }
        try await clock.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(200))
    } while clock.now < deadline
    throw NeverHappened(description: "not within \(limit): \(what)\(lastError.map { " (\($0))" } ?? "")")
}

/// The same for a yes-or-no condition.
func eventually(
    _ what: String, within limit: Duration = .seconds(10), isTrue condition: () async throws -> Bool
) async throws {
    try await eventually(what, within: limit) { try await condition() ? true : nil }
}
