import NetworkLogs

/// A promise of the parsers that an input broke.
struct NetworkLogsViolation: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// Gives octets of any content to a parser and looks whether what comes out keeps its promises; the mutation tests
/// and the fuzzers call the same. The first octet, where it says so, chooses among the ways to call.
struct NetworkLogsHarness {
    private let receivedAt: Int64 = 1_795_300_805_000

    private func require(_ holds: Bool, _ what: @autoclosure () -> String) throws(NetworkLogsViolation) {
        if !holds { throw NetworkLogsViolation(what()) }
    }

    /// What holds for every event of whatever origin.
    func check(_ event: NetworkEvent) throws(NetworkLogsViolation) {
        try require(event.publicPorts.first <= event.publicPorts.last && event.publicPorts.step >= 1, "ports")
        try require(event.destinationAddress.isNone && event.destinationPort == 0, "a destination came out")
        try require((-2_208_988_900_000...260_000_000_000_000).contains(event.time), "time \(event.time)")
        switch event.kind {
        case .natCreated, .portBlockAllocated, .addressBound, .leaseGranted, .leaseRenewed:
            try require(event.start != nil, "\(event.kind) without start")
        case .natDeleted, .portBlockFreed, .addressUnbound, .leaseReleased, .leaseExpired:
            try require(event.end != nil, "\(event.kind) without end")
        case .natSession: try require(event.start != nil && event.end != nil, "a session without interval")
        case .flow: throw NetworkLogsViolation("an untranslated flow came out")
        case .natUpdated, .leaseDeclined: break
        }
    }

    /// A line for every dialect and for each alone.
    func checkLine(_ octets: [UInt8]) throws(NetworkLogsViolation) {
        for bits in [UInt16.max] + (0..<8).map({ 1 << $0 }) {
            let parser = LineParser(dialects: LineDialects(rawValue: bits), clock: SourceClock(zone: .europeParis))
            _ = try outcome(octets, parser)
        }
    }

    /// What a parser makes of a line, checked.
    func outcome(_ octets: [UInt8], _ parser: LineParser) throws(NetworkLogsViolation) -> LineOutcome {
        let outcome = parser.parse(octets, receivedAt: receivedAt)
        switch outcome {
        case .event(let event): try check(event)
        case .ignored: break
        case .malformed(_, let offset): try require((0...octets.count).contains(offset), "offset \(offset)")
        }
        return outcome
    }

    /// A stream, in pieces whose size the first octet says.
    func checkStream(_ octets: [UInt8]) throws(NetworkLogsViolation) {
        let framings: [SyslogFramer.Framing] = [.automatic, .octetCounted, .newline]
        let chunk = max(1, Int(octets.first ?? 1))
        let stream = Array(octets.dropFirst())
        for framing in framings {
            var framer = SyslogFramer(maximumMessage: 480, framing: framing)
            var next: UInt64 = 0
            var fault: String?
            let take = { (frame: SyslogFrame) in
                switch frame {
                case .message(let raw, let offset):
                    if offset < next || raw.isEmpty || raw.count > 480 { fault = "message at \(offset)" }
                    next = offset + UInt64(raw.count)
                case .skipped(_, let offset):
                    if offset < next { fault = "fault at \(offset)" }
                    next = offset
                }
            }
            for start in stride(from: 0, to: stream.count, by: chunk) {
                Array(stream[start..<min(start + chunk, stream.count)]).withUnsafeBytes { framer.append($0, take) }
                try require(framer.bufferedBytes <= 492, "\(framer.bufferedBytes) octets kept")
            }
            framer.finish(take)
            if let fault { throw NetworkLogsViolation(fault) }
            try require(next <= UInt64(stream.count), "beyond the stream")
        }
    }

    /// A file of leases of each format.
    func checkLeases(_ octets: [UInt8]) throws(NetworkLogsViolation) {
        var violation: NetworkLogsViolation?
        for format in LeaseFile.Format.allCases {
            octets.withUnsafeBytes { raw in
                LeaseFile.read(raw, format: format, readAt: receivedAt) { outcome, offset in
                    do throws(NetworkLogsViolation) {
                        if case .event(let event) = outcome { try check(event) }
                        try require((0...octets.count).contains(offset), "offset \(offset)")
                    } catch {
                        violation = error
                    }
                }
            }
        }
        if let violation { throw violation }
    }

    /// Datagrams one behind another, each of the length its first two octets say; templates saved and given back.
    func checkFlows(_ octets: [UInt8]) throws(NetworkLogsViolation) {
        var limits = FlowLimits()
        (limits.exporters, limits.domainsPerExporter, limits.templatesPerDomain) = (4, 3, 5)
        (limits.pendingBytes, limits.pendingBytesPerDomain) = (2000, 1000)
        limits.honorsWithdrawals = octets.first.map { $0 & 1 == 1 } ?? false
        var decoder = FlowDecoder(limits: limits)
        var rest = octets.dropFirst()
        while rest.count >= 2 {
            let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
            let datagram = Array(rest.dropFirst(2).prefix(length))
            rest = rest.dropFirst(2 + length)
            _ = try report(datagram, FlowExporter(address: .none), &decoder)
            try require(decoder.bufferedBytes <= 2000, "\(decoder.bufferedBytes) octets kept")
        }
        let saved = decoder.exportTemplates()
        var copy = FlowDecoder(limits: limits)
        do throws(NetworkLogsError) {
            try copy.importTemplates(saved)
        } catch {
            throw NetworkLogsViolation("saved templates were refused")
        }
        try require(copy.exportTemplates().count == saved.count, "saved templates were lost")
        try? copy.importTemplates(Array("SKFT".utf8) + [1] + octets)
    }

    /// What a decoder makes of a datagram, checked.
    func report(
        _ datagram: [UInt8], _ exporter: FlowExporter, _ decoder: inout FlowDecoder
    ) throws(NetworkLogsViolation) -> FlowReport {
        var events: UInt32 = 0
        var violation: NetworkLogsViolation?
        let report = decoder.decode(datagram, from: exporter, receivedAt: receivedAt) { event in
            events += 1
            do throws(NetworkLogsViolation) { try check(event) } catch { violation = error }
        }
        if let violation { throw violation }
        try require(report.events == events, "\(events) events, \(report.events) counted")
        try require((0...datagram.count).contains(report.faultOffset), "offset \(report.faultOffset)")
        return report
    }
}
