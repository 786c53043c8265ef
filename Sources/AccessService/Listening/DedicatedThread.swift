import CLinux
import Foundation

/// Work that blocks (poll, crypt) on a thread of its own, awaited like a child task so that no thread outlives its owner.
enum DedicatedThread {
    static func run(_ name: String, _ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let thread = Thread {
                socle_name_thread(name)
                body()
                continuation.resume()
            }
            thread.stackSize = 2 << 20
            thread.start()
        }
    }
}
