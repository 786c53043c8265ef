internal import RADIUS
internal import Territory

/// One packet thread's view of the gateways: the directory's current snapshot, and per gateway what the thread keeps.
/// Not Sendable: it belongs to one thread.
final class GatewayTable {
    private struct Remembered: BitwiseCopyable {
        var high: UInt64 = 0
        var low: UInt64 = 0
        /// Index of the gateway + 1; 0: nothing remembered.
        var index: Int32 = 0
    }

    private static let remembered = 1024
    private let directory: GatewayDirectory
    private var snapshot: GatewaySnapshot
    private var generation: Int
    private var states: [GatewayState?]
    private let sources: UnsafeMutablePointer<Remembered>

    init(directory: GatewayDirectory) {
        self.directory = directory
        generation = directory.generation
        snapshot = directory.snapshot
        states = Array(repeating: nil, count: snapshot.gateways.count)
        sources = .allocate(capacity: Self.remembered)
        sources.initialize(repeating: Remembered(), count: Self.remembered)
    }

    deinit { sources.deallocate() }

    /// Whether some gateway is known by NAS-Identifier rather than by source address.
    var mayBeIdentified: Bool { !snapshot.byIdentifier.isEmpty }

    /// Takes over a new snapshot if there is one; gateways that did not change keep their contexts and counters.
    func refresh() {
        let current = directory.generation
        guard current != generation else { return }
        generation = current
        let next = directory.snapshot
        var kept: [NASID: GatewayState] = [:]
        for case let state? in states { kept[state.gateway.nas.id] = state }
        states = next.gateways.map { gateway in
            guard let state = kept[gateway.nas.id] else { return nil }
            if state.gateway === gateway { return state }
            state.flush()
            return nil
        }
        snapshot = next
        sources.update(repeating: Remembered(), count: Self.remembered)
    }

    /// The gateway of a source address, by longest prefix.
    func find(_ peer: PeerAddress) -> GatewayState? {
        let slot = sources + Int(truncatingIfNeeded: (peer.high ^ peer.low &* 0x9e37_79b9_7f4a_7c15) >> 54)
        if slot.pointee.index > 0, slot.pointee.high == peer.high, slot.pointee.low == peer.low {
            return state(at: Int(slot.pointee.index) - 1)
        }
        guard let index = snapshot.bySource.longestMatch(peer.address) else { return nil }
        slot.pointee = Remembered(high: peer.high, low: peer.low, index: Int32(truncatingIfNeeded: index + 1))
        return state(at: index)
    }

    /// The gateway of a request: the one that its NAS-Identifier names, if that one may send from there, or else the one
    /// of the source address.
    func find(_ peer: PeerAddress, _ packet: PacketView, source: GatewayState?) -> GatewayState? {
        guard mayBeIdentified, let identifier = packet.first(.nasIdentifier),
            let index = snapshot.byIdentifier[identifier.octets]
        else { return source }
        if let prefix = snapshot.gateways[index].nas.source, !prefix.contains(peer.address) { return source }
        return state(at: index)
    }

    /// The gateway that a name in a certificate belongs to now.
    func find(certificate name: String) -> GatewayState? { snapshot.byCertificate[name].flatMap { state(at: $0) } }

    /// What this thread keeps of a gateway that a deferred request came from; nil once it has been removed or has another
    /// secret. What else is changed of it, by an operator or by what it taught us, is no reason to leave it unanswered.
    func state(of gateway: ServedNAS) -> GatewayState? {
        guard let index = snapshot.byID[gateway.nas.id] else { return nil }
        let current = snapshot.gateways[index]
        guard current === gateway || current.nas.secret == gateway.nas.secret else { return nil }
        return state(at: index)
    }

    /// Adds what was counted to the metrics.
    func flush() {
        for case let state? in states { state.flush() }
    }

    private func state(at index: Int) -> GatewayState? {
        if let state = states[index] { return state }
        // An empty secret cannot be stored; if one is, that gateway is as unknown.
        states[index] = try? GatewayState(snapshot.gateways[index])
        return states[index]
    }
}
