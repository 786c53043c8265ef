import Foundation
import RADIUS
import Testing

/// Broken packets by the thousand: none traps, none is believed, each refusal has a reason.
///
/// `RADIUS_MUTATIONS` sets how many (the normal run takes seconds), `RADIUS_MUTATION_SEED` where they begin.
@Suite struct MutationTests {
    private static let count = number("RADIUS_MUTATIONS") ?? 20_000
    private static let seed = number("RADIUS_MUTATION_SEED") ?? 2865

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    @Test func `mutated packets in a stream come out as packets or end it, however they arrive`() throws {
        let seeds = PacketVector.all.map(\.packet)
        var mutator = Mutator(seed: UInt64(Self.seed))
        var ends: [RADIUSError.Code: Int] = [:]
        for index in 0..<Self.count / 10 {
            let stream = seeds[index % seeds.count] + mutator.mutate(seeds[mutator.below(seeds.count)], other: seeds[0])
            if let fault = try StreamHarness().check(stream).fault { ends[fault, default: 0] += 1 }
        }
        #expect(Set(ends.keys) == [.lengthTooShort, .lengthTooLong, .streamTruncated], "\(ends)")
    }

    @Test func `mutated packets: no trap, no belief, a reason for each refusal`() throws {
        print("\(Self.count) mutated packets from seed \(Self.seed)")
        let harness = try PacketHarness()
        let seeds = PacketVector.all.map(\.packet)
        try #require(seeds.count >= 60)
        var mutator = Mutator(seed: UInt64(Self.seed))
        var fates: [PacketHarness.Fate: Int] = [:]
        for index in 0..<Self.count {
            let octets = mutator.mutate(seeds[index % seeds.count], other: seeds[mutator.below(seeds.count)])
            fates[try harness.fate(of: octets), default: 0] += 1
        }
        #expect(fates.values.reduce(0, +) == Self.count)
        let parsing: [RADIUSError.Code] = [
            .datagramTooShort, .lengthTooShort, .lengthTooLong, .lengthBeyondDatagram, .attributeTruncated,
            .attributeTooShort, .attributeOverrun, .attributeTypeZero, .tooManyAttributes,
            .messageAuthenticatorLength, .messageAuthenticatorRepeated,
        ]
        for code in parsing { #expect(fates[.refused(code), default: 0] > 0, "\(code) was never met") }
        for code in [
            RADIUSError.Code.messageAuthenticatorInvalid, .messageAuthenticatorMissing, .requestAuthenticatorInvalid,
            .unexpectedCode,
        ] { #expect(fates[.unproven(code), default: 0] > 0, "\(code) was never met") }
        #expect(fates.keys.allSatisfy { if case .refused(let code) = $0 { parsing.contains(code) } else { true } })
    }

    @Test func `every truncation of every vector is read or refused, never a trap`() throws {
        let harness = try PacketHarness()
        for seed in PacketVector.all.map(\.packet) {
            for length in 0...seed.count {
                _ = try harness.fate(of: Array(seed[..<length]))
            }
        }
    }

    @Test func `random texts make a dictionary, or faults with a place, never a trap`() {
        let words = [
            "attribute", "vendor", "value", "extend", "1", "256", "A", "B", "integer", "string", "tag", "#", "\n", "\n",
            "1.1", "241.1.1", "tlv", "extended", "in", "241", "salted", "octets",
            "99999999999999999999", "é",
        ]
        var mutator = Mutator(seed: 7)
        for _ in 0..<2000 {
            let text = (0..<mutator.below(40)).map { _ in words[mutator.below(words.count)] }.joined(separator: " ")
            for fault in AttributeDictionary.faults(in: [.init(name: "x", text: text)]) {
                #expect(fault.context?.hasPrefix("x:") == true)
            }
        }
    }

    @Test func `random texts as values are encoded or refused, never a trap`() throws {
        let dictionary = try ProjectFiles.shippedDictionary()
        let names = [
            "User-Name", "Class", "Session-Timeout", "Event-Timestamp", "NAS-IP-Address", "NAS-IPv6-Address",
            "Framed-IPv6-Prefix", "Framed-Interface-Id", "Tunnel-Type:1", "Tunnel-Private-Group-Id", "Vendor-9-Attr-1",
            "Vendor-Specific", "IP-Port-Range", "Attr-245.9", "EAP-Message", "PMIP6-Home-IPv4-HoA",
        ]
        let characters = Array("0123456789abcdefxX:./-TZ+ é\0{}=\"\\,")
        var mutator = Mutator(seed: 11)
        for index in 0..<20_000 {
            let text = String((0..<mutator.below(30)).map { _ in characters[mutator.below(characters.count)] })
            guard let octets = try? dictionary.encode(names[index % names.count], text) else { continue }
            #expect(octets.count >= 2 && Int(octets[1]) == octets.count)
        }
    }
}
