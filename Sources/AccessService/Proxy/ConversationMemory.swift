/// Which home server gave out which State: the next step of a conversation goes to the same one, also after a fail-over
/// or a fail-back between the two.
///
/// Bound: `capacity` States; the oldest goes first. A State forgotten is routed like a first request.
struct ConversationMemory {
    private var endpoints: [[UInt8]: Int] = [:]
    private var order: [[UInt8]] = []
    private var cursor = 0
    private let capacity: Int

    init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Remembers that an endpoint gave out a State.
    mutating func remember(_ state: [UInt8], endpoint: Int) {
        if endpoints.updateValue(endpoint, forKey: state) != nil { return }
        if order.count < capacity { return order.append(state) }
        endpoints[order[cursor]] = nil
        order[cursor] = state
        cursor = (cursor + 1) % capacity
    }

    /// Who gave out a State.
    func endpoint(of state: [UInt8]) -> Int? { endpoints[state] }
}
