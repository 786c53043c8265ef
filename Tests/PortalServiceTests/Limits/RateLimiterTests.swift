import Testing

@testable import PortalService

@Suite struct RateLimiterTests {
    private let start = ContinuousClock.now

    @Test func `grants the burst and not one more, then one at each refill`() {
        let limiter = RateLimiter<String>(burst: 3, refill: .seconds(10))
        for _ in 0..<3 { #expect(limiter.take("a", at: start) == nil) }
        #expect(limiter.take("a", at: start) == .seconds(10))
        let left = limiter.take("a", at: start + .seconds(9)) ?? .zero
        #expect(left > .milliseconds(999) && left < .milliseconds(1_001))
        #expect(limiter.take("a", at: start + .seconds(10)) == nil)
        #expect(limiter.take("a", at: start + .seconds(10)) != nil)
        #expect(limiter.take("b", at: start) == nil, "another client has a budget of its own")
    }

    @Test func `never holds more than the burst, however long nobody comes`() {
        let limiter = RateLimiter<String>(burst: 2, refill: .seconds(1))
        _ = limiter.take("a", at: start)
        for _ in 0..<2 { #expect(limiter.take("a", at: start + .seconds(100_000)) == nil) }
        #expect(limiter.take("a", at: start + .seconds(100_000)) != nil)
    }

    @Test func `a token given back can be taken again`() {
        let limiter = RateLimiter<String>(burst: 1, refill: .seconds(60))
        #expect(limiter.take("a", at: start) == nil)
        limiter.giveBack("a", at: start)
        #expect(limiter.take("a", at: start) == nil)
        #expect(limiter.take("a", at: start) != nil)
    }

    @Test func `a clock that steps back grants nothing`() {
        let limiter = RateLimiter<String>(burst: 1, refill: .seconds(1))
        #expect(limiter.take("a", at: start) == nil)
        #expect(limiter.take("a", at: start - .seconds(3_600)) != nil)
    }

    @Test func `a million clients take bounded memory, and one that keeps coming is not forgotten`() {
        let limiter = RateLimiter<Int>(burst: 1, refill: .seconds(3_600), capacity: 1_000)
        #expect(limiter.take(-1, at: start) == nil)
        for client in 0..<20_000 {
            _ = limiter.take(client, at: start)
            if client.isMultiple(of: 500) { #expect(limiter.take(-1, at: start) != nil) }
        }
        #expect(limiter.count <= 2_000)
    }
}
