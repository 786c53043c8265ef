import EAP
import OpenSSL
import Testing

@testable import AccessService

@Suite struct ConversationTableTests {
    private let settings: EAPServerSettings
    private let second: UInt64 = 1_000_000_000

    init() throws {
        let files = try EAPFiles()
        var tls = TLSSettings(role: .server)
        let authority = files.authority
        let key = try PrivateKey.generate()
        let validity = CertificateValidity(days: 20, from: authority.certificate.validity.notBefore)
        tls.certificateChain = try authority.issue(.server(name: "radius.example", validity: validity), for: key).pem
        tls.privateKey = try key.pem()
        settings = try EAPServerSettings(tls: tls, methods: [.ttls])
    }

    private func exchange(_ nas: Int64) -> EAPExchange { EAPExchange(settings, framedMTU: nil, nas: nas) }

    @Test func `a conversation is found by its own NAS alone, and not after it has ended`() {
        var table = ConversationTable(capacity: 4, silence: 30 * second)
        let one = exchange(1)
        table.insert(one, now: 0)
        #expect(table.find(one.key, nas: 1, now: 1) === one)
        #expect(table.find(one.key, nas: 2, now: 1) == nil)
        table.remove(one)
        #expect(table.find(one.key, nas: 1, now: 1) == nil)
        table.remove(one)
        #expect(table.count == 0)
    }

    @Test func `a peer may be silent for thirty seconds and no longer`() {
        var table = ConversationTable(capacity: 4, silence: 30 * second)
        let one = exchange(1)
        table.insert(one, now: 0)
        #expect(table.find(one.key, nas: 1, now: 30 * second) === one)
        #expect(table.find(one.key, nas: 1, now: 60 * second) === one)
        #expect(table.find(one.key, nas: 1, now: 90 * second + 1) == nil)
        #expect(table.count == 0 && table.expired == 1)
    }

    @Test func `a NAS that floods takes its own oldest places only`() {
        var table = ConversationTable(capacity: 8, silence: 30 * second)
        let calm = [exchange(1), exchange(1)]
        for one in calm { table.insert(one, now: 0) }
        let flood = (0..<100).map { _ in exchange(2) }
        for (index, one) in flood.enumerated() { table.insert(one, now: UInt64(index)) }
        #expect(table.count == 8 && table.evicted == 94)
        #expect(calm.allSatisfy { table.find($0.key, nas: 1, now: 200) === $0 })
        #expect(flood.suffix(6).allSatisfy { table.find($0.key, nas: 2, now: 200) === $0 })
        #expect(table.find(flood[93].key, nas: 2, now: 200) == nil)
    }

    @Test func `ten thousand conversations that end leave nothing behind`() {
        var table = ConversationTable(capacity: 8, silence: 30 * second)
        let kept = exchange(1)
        table.insert(kept, now: 0)
        let other = exchange(1)
        for _ in 0..<10_000 {
            table.insert(other, now: 1)
            table.remove(other)
        }
        #expect(table.count == 1 && table.find(kept.key, nas: 1, now: 2) === kept)
    }
}

@Suite struct NASTurnsTests {
    @Test func `NAS take turns, each in its own order`() {
        var turns = NASTurns<Int>()
        for (nas, work) in [(Int64(1), 10), (1, 11), (1, 12), (2, 20), (3, 30), (2, 21)] {
            turns.append(work, nas: nas)
        }
        #expect((0..<6).compactMap { _ in turns.take() } == [10, 20, 30, 11, 21, 12])
        #expect(turns.take() == nil && turns.count == 0)
    }

    @Test func `room is made in the longest line, its oldest first`() {
        var turns = NASTurns<Int>()
        for (nas, work) in [(Int64(1), 10), (2, 20), (2, 21)] { turns.append(work, nas: nas) }
        #expect(turns.shedFromLongest() == 20)
        turns.append(22, nas: 2)
        #expect(turns.shedFromLongest() == 21)
        #expect(turns.count == 2)
        #expect([turns.take(), turns.take(), turns.take()] == [10, 22, nil])
    }
}

@Suite struct CachedAuthorizationTests {
    private let tag = [UInt8](repeating: 7, count: CachedAuthorization.tagLength)

    @Test func `what a ticket says fits 255 octets, and is kept by none that would not`() throws {
        let longest = [UInt8](repeating: 0x61, count: CachedAuthorization.longestName)
        let octets = try #require(CachedAuthorization(kind: .password, tag: tag, name: longest).octets)
        #expect(octets.count == 255)
        #expect(CachedAuthorization(octets) == CachedAuthorization(kind: .password, tag: tag, name: longest))
        #expect(CachedAuthorization(kind: .password, tag: tag, name: longest + [0x61]).octets == nil)
        #expect(CachedAuthorization(kind: .password, tag: tag, name: []).octets == nil)
    }

    @Test func `nothing is read out of what another version wrote`() {
        let octets = CachedAuthorization(kind: .certificate, tag: tag, name: [0x61]).octets ?? []
        #expect(CachedAuthorization(octets) != nil)
        #expect(CachedAuthorization(Array(octets.dropLast())) == nil)
        #expect(CachedAuthorization([2] + octets.dropFirst()) == nil)
        #expect(CachedAuthorization([1, 9] + octets.dropFirst(2)) == nil)
        #expect(CachedAuthorization([]) == nil)
    }
}
