/// Work with a deadline: when it has not ended by then it is cancelled, awaited and reported as `Expired`.
enum Deadline {
    struct Expired: Error, CustomStringConvertible {
        var description: String { "no answer in time" }
    }

    static func run<Value: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                // The deadline itself: the wait ends early when the work does.
                try await ContinuousClock().sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw Expired() }
            return value
        }
    }
}
