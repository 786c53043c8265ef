import Synchronization

/// Whether accounting goes through the spool, readable without asking the spool's thread.
final class SpoolFlag: Sendable {
    private let value: Atomic<Bool>

    init(_ isSet: Bool) { value = Atomic(isSet) }

    var isSet: Bool {
        get { value.load(ordering: .acquiring) }
        set { value.store(newValue, ordering: .releasing) }
    }
}
