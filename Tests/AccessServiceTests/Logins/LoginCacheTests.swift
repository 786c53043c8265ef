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

    private func entry(_ text: String, of voucher: Int64? = nil, askedAt: UInt64 = 100) -> LoginEntry {
        let login = voucher.map { id in
            KnownLogin(
                subject: Subject(reference: .voucher(VoucherID(id)), organisationID: OrganisationID(1)),
                source: .voucher(VoucherID(id)), verifier: .none)
        }
        return LoginEntry(name(text), login, keys: keys, day: CivilDay(daysSinceEpoch: 0), askedAt: askedAt)
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

    @Test func `holds as many as it may, and all of them while they are asked for`() {
        let cache = LoginCache(capacity: 64_000)
        for number in 0..<60_000 { cache.insert(entry("user\(number)")) }
        let held = (0..<60_000).count { find(cache, "user\($0)") != nil }
        // Names fall on the shards by chance, so one or the other has more than its share.
        #expect(held > 58_000)
        for number in 0..<60_000 { cache.insert(entry("other\(number)")) }
        #expect(
            (0..<60_000).count { find(cache, "other\($0)") != nil } > 50_000, "what nobody asks for any more makes room"
        )
    }

    @Test func `drops every spelling of a row that changes, and no other`() {
        let cache = LoginCache(capacity: 640)
        for text in ["abcd", "ABCD", "ab-cd"] { cache.insert(entry(text, of: 7)) }
        cache.insert(entry("other", of: 8))
        cache.invalidate(.voucher(VoucherID(7)), now: 200)
        #expect(["abcd", "ABCD", "ab-cd"].allSatisfy { find(cache, $0) == nil } && find(cache, "other") != nil)
        cache.insert(entry("abcd", of: 7, askedAt: 199))
        #expect(find(cache, "abcd") == nil, "it was read before the row changed")
        cache.insert(entry("abcd", of: 7, askedAt: 201))
        #expect(find(cache, "abcd") != nil)
    }

    @Test func `who has used something is looked up again, and still known if that cannot be`() throws {
        let cache = LoginCache(capacity: 640)
        cache.insert(entry("abcd", of: 7))
        cache.outdate(.voucher(VoucherID(7)), now: 200)
        let kept = try #require(find(cache, "abcd"))
        #expect(!cache.isFresh(kept, now: 201, lifetime: 1_000))
        cache.insert(entry("abcd", of: 7, askedAt: 201))
        #expect(cache.isFresh(try #require(find(cache, "abcd")), now: 202, lifetime: 1_000))
        cache.invalidate(.voucher(VoucherID(7)), now: 300)
        #expect(find(cache, "abcd") == nil)
    }

    @Test func `a login that came back after it made room is still found by its row`() {
        let cache = LoginCache(capacity: 64)
        for round in 0..<5 {
            for number in 0..<500 { cache.insert(entry("user\(number)", of: Int64(number), askedAt: UInt64(round))) }
        }
        #expect(cache.count <= 64 && cache.indexedCount == cache.count, "nothing is indexed that is not there")
        for number in 0..<500 { cache.invalidate(.voucher(VoucherID(Int64(number))), now: 1_000) }
        #expect(cache.count == 0 && cache.indexedCount == 0)
    }

    @Test func `a login one of whose rows has changed leaves nothing in the index`() {
        let cache = LoginCache(capacity: 640)
        let login = KnownLogin(
            subject: Subject(reference: .voucher(VoucherID(7)), organisationID: OrganisationID(1)),
            source: .loginGrant(LoginGrantID(9)), verifier: .none)
        cache.invalidate(.loginGrant(LoginGrantID(9)), now: 200)
        cache.insert(LoginEntry(name("abcd"), login, keys: keys, day: CivilDay(daysSinceEpoch: 0), askedAt: 100))
        #expect(find(cache, "abcd") == nil && cache.indexedCount == 0)
    }

    @Test func `another row behind the same name is followed instead of the former`() {
        let cache = LoginCache(capacity: 640)
        cache.insert(entry("abcd", of: 7))
        cache.insert(entry("abcd", of: 8))
        #expect(cache.indexedCount == 1)
        cache.invalidate(.voucher(VoucherID(7)), now: 200)
        #expect(find(cache, "abcd") != nil)
        cache.invalidate(.voucher(VoucherID(8)), now: 201)
        #expect(find(cache, "abcd") == nil)
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
