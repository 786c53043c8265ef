import Foundation
import Synchronization
import Testing

@testable import Postgres

@Suite struct ListenerHubTests {
    private final class Talk: Sendable {
        let isOver = Atomic(false)
    }

    /// Whoever cancels holds the runtime's lock of the task that is cancelled, and that lock is taken to wake the task. So
    /// nobody may be woken under a lock that the end of a subscription takes: this hung.
    @Test func `subscribers may be cancelled while they are told something`() async {
        let hub = ListenerHub()
        let talk = Talk()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await withCheckedContinuation { continuation in
                    Thread.detachNewThread {
                        while !talk.isOver.load(ordering: .relaxed) {
                            hub.announce(["a"])
                            hub.notify(channel: "a", payload: "")
                        }
                        continuation.resume()
                    }
                }
            }
            for _ in 0..<5_000 {
                let subscriber = Task { for await _ in hub.subscribe(["a"]) {} }
                await Task.yield()
                subscriber.cancel()
                await subscriber.value
            }
            talk.isOver.store(true, ordering: .relaxed)
        }
        #expect(hub.channels.isEmpty)
    }
}
