import Foundation
import Store
import Territory
import Testing

@testable import AccessService

@Suite struct LoginCacheTests {
    private let keys = InstallationKeys(.random())

    private func name(_ text: String, site: Int64 = 0) -> LoginName {
        Array(text.utf8).withUnsafeBytes { LoginName($0, site: site) }
    }

    private func entry(_ text: String, askedAt: UInt64 = 100) -> LoginEntry {
        LoginEntry(name(text), nil, keys: keys, day: CivilDay(daysSinceEpoch: 0), askedAt: askedAt)
    }

    private func find(_ cache: LoginCache, _ text: String, site: Int64 = 0) -> LoginEntry? {
        Array(text.utf8).withUnsafeBytes { cache.find($0, site: site) }
    }

    @Test func `finds what was inserted, by name and site`() {
        let cache = LoginCache(capacity: 100)
        let made = entry("a")
        cache.insert(made)
        #expect(find(cache, "a") === made)
        #expect(find(cache, "b") == nil)
        #expect(find(cache, "a", site: 1) == nil)
    }

    @Test func `is bounded`() {
        let cache = LoginCache(capacity: 640)
        for number in 0..<10_000 { cache.insert(entry("user\(number)")) }
        #expect(cache.count <= 640)
    }

    @Test func `keeps what is asked for while the rest changes`() {
        let cache = LoginCache(capacity: 6_400)
        cache.insert(entry("kept"))
        for number in 0..<50_000 {
            cache.insert(entry("user\(number)"))
            if number % 100 == 0 { #expect(find(cache, "kept") != nil) }
        }
    }

    @Test func `what was read before a doubt is not fresh, what is read after it is`() {
        let cache = LoginCache(capacity: 100)
        #expect(cache.isFresh(entry("a", askedAt: 100), now: 110, lifetime: 10))
        #expect(!cache.isFresh(entry("a", askedAt: 100), now: 111, lifetime: 10))
        cache.doubtEverything(now: 105)
        #expect(!cache.isFresh(entry("a", askedAt: 100), now: 106, lifetime: 1_000))
        #expect(cache.isFresh(entry("a", askedAt: 106), now: 107, lifetime: 1_000))
    }
}
