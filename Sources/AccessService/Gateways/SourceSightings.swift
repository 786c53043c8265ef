internal import Foundation
internal import Store
import Synchronization
internal import Territory

/// Addresses that send requests though no NAS is declared for them: never answered, counted here, stored in batches and
/// shown to the operator.
///
/// Bound: `capacity` addresses between two batches; further ones are counted in the metrics only.
final class SourceSightings: Sendable {
    private let sightings = Mutex<[IPAddress: UnknownSources.Source]>([:])
    private let capacity: Int
    private let clock: AccessClock

    init(capacity: Int = 4096, clock: AccessClock) {
        (self.capacity, self.clock) = (capacity, clock)
    }

    func count(_ peer: PeerAddress) {
        let address = peer.address
        let now = clock.calendar()
        sightings.withLock { sightings in
            if let known = sightings[address] {
                sightings[address] = UnknownSources.Source(
                    address: address, firstSeenAt: known.firstSeenAt, lastSeenAt: now, packets: known.packets + 1)
            } else if sightings.count < capacity {
                sightings[address] = UnknownSources.Source(
                    address: address, firstSeenAt: now, lastSeenAt: now, packets: 1)
            }
        }
    }

    /// Takes what was counted since the last time.
    func take() -> [UnknownSources.Source] {
        sightings.withLock { sightings in
            defer { sightings = [:] }
            return Array(sightings.values)
        }
    }
}

extension PeerAddress {
    /// The peer as the territory writes addresses.
    var address: IPAddress {
        isIPv4 ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : IPAddress(v6High: high, low: low).unmapped
    }
}
