import Foundation
import NetworkLogs
import Testing

/// Broken lines, files, streams and datagrams by the thousand: none traps, and what comes out keeps its promises.
///
/// `NETWORKLOGS_MUTATIONS` sets how many (the normal run takes seconds), `NETWORKLOGS_MUTATION_SEED` where they begin.
@Suite struct MutationTests {
    private static let count = number("NETWORKLOGS_MUTATIONS") ?? 10_000
    private static let seed = UInt64(number("NETWORKLOGS_MUTATION_SEED") ?? 5424)
    private let harness = NetworkLogsHarness()

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }

    @Test func `mutated lines come to an outcome, and a fault is within the line`() throws {
        let seeds = LineFixture.all
        try #require(seeds.count >= 150)
        var mutator = Mutator(seed: Self.seed)
        var outcomes: [String: Int] = [:]
        for index in 0..<Self.count {
            let fixture = seeds[index % seeds.count]
            let octets = mutator.mutate(fixture.octets, other: seeds[mutator.below(seeds.count)].octets)
            let dialects = index % 3 == 0 ? LineDialects(rawValue: .max) : fixture.source.dialects
            let parser = LineParser(dialects: dialects, clock: fixture.source.clock)
            switch try harness.outcome(octets, parser) {
            case .event: outcomes["event", default: 0] += 1
            case .ignored(let reason): outcomes[reason.rawValue, default: 0] += 1
            case .malformed(let reason, _): outcomes[reason.rawValue, default: 0] += 1
            }
        }
        #expect(outcomes["event", default: 0] > Self.count / 10 && outcomes.count >= 15)
    }

    @Test(arguments: [Int64.min, -1, 0, 951_782_400_000, .max])
    func `no time of reception traps`(receivedAt: Int64) {
        for fixture in LineFixture.all {
            _ = LineParser(dialects: fixture.source.dialects, clock: fixture.source.clock)
                .parse(fixture.octets, receivedAt: receivedAt)
        }
        for datagram in FlowFixture.datagrams {
            var decoder = FlowDecoder()
            _ = decoder.decode(datagram, from: FlowFixture.exporter, receivedAt: receivedAt) { _ in }
        }
    }

    @Test func `mutated lease files are read to their end`() throws {
        var mutator = Mutator(seed: Self.seed)
        let seeds = ["dnsmasq.leases", "kea4.leases", "kea.json"].map { Array(FixtureFolder.text($0).utf8) }
        for index in 0..<Self.count / 10 {
            try harness.checkLeases(mutator.mutate(seeds[index % 3], other: seeds[mutator.below(3)]))
        }
    }

    @Test func `mutated streams come out as messages in order, and nothing is kept beyond the bound`() throws {
        var mutator = Mutator(seed: Self.seed)
        let seeds = LineFixture.all.map(\.octets)
        for index in 0..<Self.count / 20 {
            let one = seeds[index % seeds.count]
            let counted = Array("\(one.count) ".utf8) + one
            let stream = mutator.mutate(one + [10] + counted + one + [10], other: counted)
            try harness.checkStream([[1, 13, 255][index % 3]] + stream)
        }
    }

    @Test func `mutated datagrams are bounded, counted and located`() throws {
        let seeds = FlowFixture.datagrams
        try #require(seeds.count >= 70)
        var mutator = Mutator(seed: Self.seed)
        var limits = FlowLimits()
        (limits.exporters, limits.domainsPerExporter, limits.templatesPerDomain) = (4, 3, 5)
        (limits.pendingBytes, limits.pendingBytesPerDomain, limits.honorsWithdrawals) = (2000, 1000, true)
        var decoder = FlowDecoder(limits: limits)
        var faults: Set<FlowFault> = []
        for index in 0..<Self.count {
            let octets = mutator.mutate(seeds[index % seeds.count], other: seeds[mutator.below(seeds.count)])
            let exporter = FlowExporter(address: .none, instance: UInt32(mutator.below(5)))
            let report = try harness.report(octets, exporter, &decoder)
            #expect(decoder.bufferedBytes <= 2000)
            if let fault = report.fault { faults.insert(fault) }
        }
        #expect(faults.isSuperset(of: Set(FlowFault.allCases).subtracting([.templateTooLong])))
    }

    @Test func `mutated datagrams one behind another, with a restart at the end`() throws {
        var mutator = Mutator(seed: Self.seed)
        let seeds = FlowFixture.all.map { $0.steps.map(\.octets) }
        for index in 0..<Self.count / 10 {
            var stream = [UInt8(truncatingIfNeeded: index)]
            for datagram in seeds[index % seeds.count] {
                let broken = mutator.below(2) == 0 ? datagram : mutator.mutate(datagram, other: datagram)
                stream += [UInt8(truncatingIfNeeded: broken.count >> 8), UInt8(truncatingIfNeeded: broken.count)]
                stream += broken
            }
            try harness.checkFlows(stream)
        }
    }

    @Test func `mutated saved templates are taken whole or not at all`() throws {
        var decoder = FlowDecoder()
        for datagram in FlowFixture.datagrams {
            _ = decoder.decode(datagram, from: FlowFixture.exporter, receivedAt: 0) { _ in }
        }
        let saved = decoder.exportTemplates()
        var mutator = Mutator(seed: Self.seed)
        var refused = 0
        for _ in 0..<Self.count / 20 {
            var copy = FlowDecoder()
            do throws(NetworkLogsError) {
                try copy.importTemplates(mutator.mutate(saved, other: saved))
            } catch {
                refused += 1
                #expect(copy.exportTemplates().count == 5)
            }
            for datagram in FlowFixture.datagrams.prefix(20) {
                _ = try harness.report(datagram, FlowFixture.exporter, &copy)
            }
        }
        #expect(refused > 0)
    }
}
