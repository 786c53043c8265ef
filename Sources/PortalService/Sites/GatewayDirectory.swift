import Store
import Synchronization

/// All gateways of the installation with the slug of their site, for requests that name no site. Read again after a
/// minute or a change.
final class GatewayDirectory: Sendable {
    static let maximumAge: Duration = .seconds(60)

    private struct State {
        var gateways: [PlacedGateway] = []
        var loadedAt: ContinuousClock.Instant?
        var generation = 0
    }

    private let state = Mutex(State())
    private let load: @Sendable () async throws(PortalError) -> [PlacedGateway]

    init(load: @escaping @Sendable () async throws(PortalError) -> [PlacedGateway]) { self.load = load }

    /// All of them. While the database is away, those known before; throws `.unavailable` when there are none.
    func all() async throws(PortalError) -> [PlacedGateway] {
        let (known, age, generation) = state.withLock { state in
            (state.gateways, state.loadedAt?.duration(to: .now), state.generation)
        }
        if let age, age < Self.maximumAge { return known }
        do {
            let gateways = try await load()
            state.withLock { state in
                guard state.generation == generation else { return }
                (state.gateways, state.loadedAt) = (gateways, .now)
            }
            return gateways
        } catch {
            guard age != nil || !known.isEmpty else { throw error }
            return known
        }
    }

    /// The next request reads them again.
    func invalidate() {
        state.withLock { state in
            state.generation += 1
            state.loadedAt = nil
        }
    }
}
