import Testing

@testable import AccessService

@Suite struct DuplicateCacheTests {
    private let peer = PeerAddress(text: "192.0.2.1", port: 4000) ?? PeerAddress()

    private func key(_ identifier: UInt8, port: UInt16 = 4000, socket: Int = 0) -> DuplicateKey {
        var peer = peer
        peer.port = port
        return DuplicateKey(peer: peer, socket: socket, code: 1, identifier: identifier)
    }

    private func answer(_ cache: DuplicateCache, _ key: DuplicateKey, _ authenticator: UInt64, now: UInt64) -> [UInt8]?
    {
        guard case .answered(let reply) = cache.look(up: key, (authenticator, 0), now: now) else { return nil }
        return Array(reply)
    }

    private func isInProgress(_ cache: DuplicateCache, _ key: DuplicateKey, _ authenticator: UInt64, now: UInt64)
        -> Bool
    {
        if case .inProgress = cache.look(up: key, (authenticator, 0), now: now) { return true }
        return false
    }

    private func isFresh(_ cache: DuplicateCache, _ key: DuplicateKey, _ authenticator: UInt64, now: UInt64) -> Bool {
        if case .fresh = cache.look(up: key, (authenticator, 0), now: now) { return true }
        return false
    }

    private func finish(_ cache: DuplicateCache, _ ticket: DuplicateCache.Ticket, _ reply: [UInt8], now: UInt64) {
        reply.withUnsafeBytes { cache.finish(ticket, reply: $0, now: now) }
    }

    @Test func `a request is in progress until it is answered, then its reply is kept byte for byte (RFC 5080 §2.2.2)`()
    {
        let cache = DuplicateCache(capacity: 16, seed: 1)
        #expect(isFresh(cache, key(1), 7, now: 10))
        let ticket = cache.begin(key(1), (7, 0), now: 10)
        #expect(isInProgress(cache, key(1), 7, now: 11))
        finish(cache, ticket, [2, 1, 0, 20], now: 12)
        #expect(answer(cache, key(1), 7, now: 13) == [2, 1, 0, 20])
    }

    @Test func `a reply is kept for five seconds and not longer`() {
        let cache = DuplicateCache(capacity: 16, seed: 1)
        finish(cache, cache.begin(key(1), (7, 0), now: 0), [1], now: 0)
        #expect(answer(cache, key(1), 7, now: DuplicateCache.replyLifetime - 1) != nil)
        #expect(isFresh(cache, key(1), 7, now: DuplicateCache.replyLifetime))
    }

    @Test func `the same identifier with another authenticator replaces the request`() {
        let cache = DuplicateCache(capacity: 16, seed: 1)
        let old = cache.begin(key(1), (7, 0), now: 0)
        #expect(isFresh(cache, key(1), 8, now: 1))
        let new = cache.begin(key(1), (8, 0), now: 1)
        finish(cache, old, [1], now: 2)
        #expect(!cache.isCurrent(old))
        #expect(isInProgress(cache, key(1), 8, now: 3))
        finish(cache, new, [2], now: 3)
        #expect(answer(cache, key(1), 8, now: 4) == [2])
        #expect(isFresh(cache, key(1), 7, now: 4))
    }

    @Test func `another port, another socket and another identifier are other requests`() {
        let cache = DuplicateCache(capacity: 16, seed: 1)
        _ = cache.begin(key(1), (7, 0), now: 0)
        #expect(isFresh(cache, key(2), 7, now: 1))
        #expect(isFresh(cache, key(1, port: 4001), 7, now: 1))
        #expect(isFresh(cache, key(1, socket: 1), 7, now: 1))
    }

    @Test func `a request that is given up is processed anew when it comes again`() {
        let cache = DuplicateCache(capacity: 16, seed: 1)
        cache.abandon(cache.begin(key(1), (7, 0), now: 5))
        #expect(isFresh(cache, key(1), 7, now: 6))
    }

    @Test func `a request that is never answered stops being in progress`() {
        let cache = DuplicateCache(capacity: 16, seed: 1)
        _ = cache.begin(key(1), (7, 0), now: 0)
        #expect(isFresh(cache, key(1), 7, now: DuplicateCache.progressLifetime))
    }

    @Test func `the oldest request makes room, and its late answer is kept nowhere`() {
        let cache = DuplicateCache(capacity: 16, seed: 1)
        let tickets = (0..<17).map { cache.begin(key(UInt8($0)), (7, 0), now: 0) }
        #expect(isFresh(cache, key(0), 7, now: 1))
        #expect(isInProgress(cache, key(1), 7, now: 1))
        finish(cache, tickets[0], [9], now: 1)
        #expect(isInProgress(cache, key(16), 7, now: 2))
    }

    @Test func `replies of any length are kept`() {
        let cache = DuplicateCache(capacity: 16, seed: 1)
        for length in [1, 319, 320, 321, 4096] {
            let reply = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
            finish(cache, cache.begin(key(1), (UInt64(length), 0), now: 0), reply, now: 0)
            #expect(answer(cache, key(1), UInt64(length), now: 1) == reply)
        }
    }

    @Test func `what is remembered after many requests is what came last`() {
        let cache = DuplicateCache(capacity: 64, seed: 99)
        for round in 0..<20_000 {
            let key = key(UInt8(truncatingIfNeeded: round), port: UInt16(truncatingIfNeeded: round / 256))
            finish(cache, cache.begin(key, (UInt64(round), 1), now: 0), [UInt8(truncatingIfNeeded: round)], now: 0)
        }
        for round in (20_000 - 64)..<20_000 {
            let key = key(UInt8(truncatingIfNeeded: round), port: UInt16(truncatingIfNeeded: round / 256))
            guard case .answered(let reply) = cache.look(up: key, (UInt64(round), 1), now: 1) else {
                Issue.record("request \(round) is forgotten")
                continue
            }
            #expect(Array(reply) == [UInt8(truncatingIfNeeded: round)])
        }
    }
}
