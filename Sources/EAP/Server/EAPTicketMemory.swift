internal import Synchronization

/// What sessions authorized whose ticket had to be given before anybody had proven anything: on TLS 1.2, where it is part
/// of the handshake, and on TLS 1.3 in TTLS, where the frame that carries it is sent before the credential comes.
///
/// Such a ticket holds a random handle. It resumes nothing until the conversation has succeeded and remembered the
/// authorization under that handle (RFC 9427 §3), and only on the node that did. Every other ticket holds the
/// authorization itself and is good on every node with the same keys.
///
/// The tickets' lifetime is TLS's affair; this memory only bounds how many there are: the oldest gives way. One entry takes
/// at most 400 octets, so the default of 10 000 takes 4 MB.
public final class EAPTicketMemory: Sendable {
    private struct Entries {
        var authorizations: [[UInt8]: [UInt8]] = [:]
        var order: [[UInt8]] = []
        var oldest = 0
    }

    private let entries = Mutex(Entries())
    private let capacity: Int

    /// A memory of so many tickets, at least one.
    public init(capacity: Int = 10_000) { self.capacity = max(capacity, 1) }

    /// How many are remembered.
    public var count: Int { entries.withLock { $0.authorizations.count } }

    func remember(_ authorization: [UInt8], handle: [UInt8]) {
        entries.withLock { entries in
            guard entries.authorizations.updateValue(authorization, forKey: handle) == nil else { return }
            guard entries.order.count == capacity else { return entries.order.append(handle) }
            entries.authorizations[entries.order[entries.oldest]] = nil
            entries.order[entries.oldest] = handle
            entries.oldest = (entries.oldest + 1) % capacity
        }
    }

    func authorization(_ handle: [UInt8]) -> [UInt8]? { entries.withLock { $0.authorizations[handle] } }
}
