internal import NIOCore
internal import RADIUS
import Synchronization

/// One established connection as any thread may use it: packets out, requests of ours with their answers, its end. What
/// is handed in is gathered and taken by the connection's event loop together.
final class StreamPort: Sendable {
    /// Tells the pipeline that there is something to take.
    struct Wake: Sendable {}

    struct Box {
        var packets: [[UInt8]] = []
        var fault: StreamFault?
        var isReady = false
        var isAwake = false
    }

    let outstanding: OutstandingRequests
    let version: ProtocolVersion
    private let channel: any Channel
    private let box = Mutex(Box())

    init(_ channel: any Channel, version: ProtocolVersion) {
        (self.channel, self.version) = (channel, version)
        outstanding = OutstandingRequests(version: version)
    }

    func post(_ event: StreamConnection.Event) {
        let wakes = box.withLock { box in
            switch event {
            case .packet(let packet): box.packets.append(packet)
            case .end(let fault): box.fault = box.fault ?? fault
            case .ready: box.isReady = true
            }
            defer { box.isAwake = true }
            return !box.isAwake
        }
        if wakes { channel.pipeline.fireUserInboundEventTriggered(Wake()) }
    }

    func take() -> Box {
        box.withLock { box in
            defer { box = Box() }
            return box
        }
    }

    /// Sends a request of ours. `completion` is called once, on any thread, before `timeout` has passed for long.
    func request(
        timeout: Duration, _ make: (ProxyRelay.Envelope) -> SignedRequest?,
        _ completion: @escaping OutstandingRequests.Completion
    ) {
        guard let (ticket, bytes) = outstanding.begin(make, completion) else { return completion(.notSent) }
        post(.packet(bytes))
        let outstanding = outstanding
        channel.eventLoop.scheduleTask(in: TimeAmount(timeout)) { outstanding.expire(ticket) }
    }
}
