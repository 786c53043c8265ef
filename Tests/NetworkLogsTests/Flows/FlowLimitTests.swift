import NetworkLogs
import Testing

/// What bounds a decoder, from either side of each bound.
@Suite struct FlowLimitTests {
    private let receivedAt: Int64 = 1_795_300_805_000

    private func number(_ value: Int, _ octets: Int) -> [UInt8] {
        (0..<octets).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private func set(_ id: Int, _ body: [UInt8]) -> [UInt8] { number(id, 2) + number(body.count + 4, 2) + body }

    private func message(_ sets: [UInt8], domain: Int = 1, sequence: Int = 0) -> [UInt8] {
        number(10, 2) + number(sets.count + 16, 2) + number(1_795_300_801, 4) + number(sequence, 4)
            + number(domain, 4) + sets
    }

    /// A template of source and translated source, of eight octets.
    private func template(_ id: Int) -> [UInt8] { number(id, 2) + number(2, 2) + [0, 8, 0, 4, 0, 225, 0, 4] }
    private let record: [UInt8] = [10, 0, 0, 5, 203, 0, 113, 7]

    private func decode(
        _ decoder: inout FlowDecoder, _ octets: [UInt8], instance: UInt32 = 0
    ) -> (events: [NetworkEvent], report: FlowReport) {
        var events: [NetworkEvent] = []
        let exporter = FlowExporter(address: NetworkAddress(ipv4: 1), instance: instance)
        let report = decoder.decode(octets, from: exporter, receivedAt: receivedAt) { events.append($0) }
        return (events, report)
    }

    @Test func `takes as many exporters as allowed and no more`() {
        var limits = FlowLimits()
        limits.exporters = 2
        var decoder = FlowDecoder(limits: limits)
        #expect(decode(&decoder, message(set(2, template(256))), instance: 1).report.fault == nil)
        #expect(decode(&decoder, message(set(2, template(256))), instance: 2).report.fault == nil)
        #expect(decode(&decoder, message(set(2, template(256))), instance: 3).report.fault == .tooManyExporters)
        decoder.forget(FlowExporter(address: NetworkAddress(ipv4: 1), instance: 1))
        #expect(decode(&decoder, message(set(2, template(256))), instance: 3).report.fault == nil)
    }

    @Test func `of one too many templates the one used longest ago goes`() {
        var limits = FlowLimits()
        limits.templatesPerDomain = 2
        var decoder = FlowDecoder(limits: limits)
        _ = decode(&decoder, message(set(2, template(256))))
        _ = decode(&decoder, message(set(2, template(257))))
        _ = decode(&decoder, message(set(256, record)))
        _ = decode(&decoder, message(set(2, template(258)), sequence: 1))
        #expect(decode(&decoder, message(set(256, record), sequence: 1)).events.count == 1)
        #expect(decode(&decoder, message(set(257, record), sequence: 2)).report.setsBuffered == 1)
    }

    @Test func `of one too many domains the one used longest ago goes, and what waited there is counted`() {
        var limits = FlowLimits()
        limits.domainsPerExporter = 2
        var decoder = FlowDecoder(limits: limits)
        _ = decode(&decoder, message(set(300, record), domain: 1))
        _ = decode(&decoder, message(set(2, template(256)), domain: 2))
        let report = decode(&decoder, message(set(2, template(256)), domain: 3)).report
        #expect(report.setsDropped == 1 && report.bytesDropped == 8 && decoder.bufferedBytes == 0)
    }

    @Test func `data that wait are bounded for each domain and in all`() {
        var limits = FlowLimits()
        (limits.pendingBytesPerDomain, limits.pendingBytes) = (16, 24)
        var decoder = FlowDecoder(limits: limits)
        #expect(decode(&decoder, message(set(300, record) + set(300, record))).report.setsBuffered == 2)
        let third = decode(&decoder, message(set(300, record))).report
        #expect(third.setsDropped == 1 && third.bytesDropped == 8)
        #expect(decode(&decoder, message(set(300, record), domain: 2)).report.setsBuffered == 1)
        #expect(decode(&decoder, message(set(300, record), domain: 2)).report.setsDropped == 1)
        #expect(decoder.bufferedBytes == 24)
        let recovered = decode(&decoder, message(set(2, template(300))))
        #expect(recovered.events.count == 2 && recovered.report.setsRecovered == 2 && decoder.bufferedBytes == 8)
    }

    @Test func `data that waited too long are dropped and named`() {
        var decoder = FlowDecoder()
        _ = decode(&decoder, message(set(300, record), domain: 7))
        var lost: [String] = []
        decoder.dropPending(before: receivedAt) { _, domain, sets, octets in lost.append("\(domain) \(sets) \(octets)")
        }
        #expect(lost == [] && decoder.bufferedBytes == 8)
        decoder.dropPending(before: receivedAt + 1) { exporter, domain, sets, octets in
            lost.append("\(exporter.address) \(domain) \(sets) \(octets)")
        }
        #expect(lost == ["0.0.0.1 7 1 8"] && decoder.bufferedBytes == 0)
    }

    @Test func `takes a template of as many fields as allowed and refuses one more`() {
        var limits = FlowLimits()
        limits.fieldsPerTemplate = 2
        var decoder = FlowDecoder(limits: limits)
        #expect(decode(&decoder, message(set(2, template(256)))).report.fault == nil)
        let three = number(257, 2) + number(3, 2) + [0, 8, 0, 4, 0, 225, 0, 4, 0, 7, 0, 2]
        #expect(decode(&decoder, message(set(2, three))).report.fault == .templateTooLong)
    }

    @Test func `saved templates of another version or kind are refused`() {
        var decoder = FlowDecoder()
        #expect(throws: NetworkLogsError(.templatesMalformed)) { try decoder.importTemplates([]) }
        #expect(throws: NetworkLogsError(.templatesMalformed)) { try decoder.importTemplates(Array("SKFT".utf8)) }
        #expect(throws: NetworkLogsError(.templatesVersion)) { try decoder.importTemplates(Array("SKFT".utf8) + [2]) }
        #expect(throws: Never.self) { try decoder.importTemplates(Array("SKFT".utf8) + [1]) }
    }

    @Test func `a late datagram is part of the loss only while some of it is open`() {
        var decoder = FlowDecoder()
        _ = decode(&decoder, message(set(2, template(256)) + set(256, record), sequence: 10))
        #expect(decode(&decoder, message(set(256, record), sequence: 12)).report.lost == 1)
        #expect(decode(&decoder, message(set(256, record), sequence: 11)).report.late == 1)
        let again = decode(&decoder, message(set(256, record), sequence: 11)).report
        #expect(again.late == 0 && again.repeated)
        #expect(decode(&decoder, message(set(256, record), sequence: 13)).report.lost == 0)
    }
}
