internal import RADIUS

/// The answers given lately, so that a request that comes again is answered and not done again. It remembers for longer
/// than an Event-Timestamp is believed, unless it overflows. Not Sendable: it belongs to one thread.
struct AnswerMemory {
    struct Key: Hashable, Sendable {
        let high: UInt64
        let low: UInt64
        let port: UInt16
        let identifier: UInt8
        let authenticator: Authenticator
    }

    enum State {
        case inProgress
        case answered([UInt8])
    }

    private static let capacity = 4_096
    private var young: [Key: State] = [:]
    private var old: [Key: State] = [:]

    func find(_ key: Key) -> State? { young[key] ?? old[key] }

    mutating func remember(_ key: Key, _ state: State) {
        if young.count >= Self.capacity / 2, young[key] == nil {
            old = young
            young = [:]
        }
        young[key] = state
    }

    /// As if it had never come: it was dropped.
    mutating func forget(_ key: Key) {
        young[key] = nil
        old[key] = nil
    }
}
