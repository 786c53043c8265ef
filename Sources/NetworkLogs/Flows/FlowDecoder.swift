/// Decodes NetFlow v9 (RFC 3954) and IPFIX (RFC 7011) for all exporters of a listener.
///
/// Templates are kept for each exporter and observation domain, bounded, and can be saved and given back after a
/// restart. Data that come before their template wait, bounded, and are counted when they are dropped. A value of one
/// thread: it is not shared.
public struct FlowDecoder: Sendable {
    let limits: FlowLimits
    let options: ParserOptions
    var exporters: [FlowExporter: [FlowDomainKey: FlowDomain]] = [:]
    var pendingBytes = 0
    /// Datagrams so far: the clock of what was used when.
    var serial: UInt64 = 0

    /// A decoder that knows no templates.
    public init(limits: FlowLimits = FlowLimits(), options: ParserOptions = []) {
        (self.limits, self.options) = (limits, options)
    }

    /// Octets of data sets that wait for a template.
    public var bufferedBytes: Int { pendingBytes }

    /// Reads one datagram, or one whole IPFIX message of a stream.
    ///
    /// - Parameters:
    ///   - datagram: octets of any content.
    ///   - exporter: who sent it.
    ///   - receivedAt: milliseconds since 1970 UTC.
    ///   - body: takes each event, in the datagram's order; must not use this decoder.
    /// - Returns: what it came to; losses in it are for the archive.
    public mutating func decode(
        _ datagram: UnsafeRawBufferPointer, from exporter: FlowExporter, receivedAt: Int64,
        _ body: (NetworkEvent) -> Void
    ) -> FlowReport {
        var report = FlowReport()
        guard let message = FlowMessage(datagram, ReceptionTime.clamped(receivedAt), &report) else { return report }
        serial &+= 1
        if exporters[exporter] == nil, exporters.count >= limits.exporters {
            report.fail(.tooManyExporters, at: 0)
            return report
        }
        let key = FlowDomainKey(isIPFIX: message.isIPFIX, id: message.domain)
        pendingBytes -= exporters[exporter, default: [:]].makePlace(for: key, limit: limits.domainsPerExporter, &report)
        pendingBytes += exporters[exporter, default: [:]][key, default: FlowDomain(isIPFIX: key.isIPFIX)].read(
            message, limits, options, serial, room: limits.pendingBytes - pendingBytes, &report, body)
        return report
    }

    /// Reads one datagram given as an array.
    public mutating func decode(
        _ datagram: [UInt8], from exporter: FlowExporter, receivedAt: Int64, _ body: (NetworkEvent) -> Void
    ) -> FlowReport {
        datagram.withUnsafeBytes { decode($0, from: exporter, receivedAt: receivedAt, body) }
    }

    /// Drops the data that came before `instant` (milliseconds since 1970 UTC) and still wait for their template.
    ///
    /// - Parameter body: takes, for each domain, how many sets and octets were lost: losses, for the archive.
    public mutating func dropPending(
        before instant: Int64, _ body: (FlowExporter, _ domain: UInt32, _ sets: Int, _ octets: Int) -> Void
    ) {
        guard pendingBytes > 0 else { return }
        for (exporter, domains) in exporters {
            for (key, domain) in domains where domain.pending.contains(where: { $0.receivedAt < instant }) {
                let stale = domain.pending.filter { $0.receivedAt < instant }
                let octets = stale.reduce(0) { $0 + $1.octets.count }
                exporters[exporter]?[key]?.pending.removeAll { $0.receivedAt < instant }
                exporters[exporter]?[key]?.pendingBytes -= octets
                pendingBytes -= octets
                body(exporter, key.id, stale.count, octets)
            }
        }
    }

    /// Forgets an exporter that is no longer declared, with its templates and what waits for them.
    public mutating func forget(_ exporter: FlowExporter) {
        guard let domains = exporters.removeValue(forKey: exporter) else { return }
        pendingBytes -= domains.values.reduce(0) { $0 + $1.pendingBytes }
    }
}

extension Dictionary where Key == FlowDomainKey, Value == FlowDomain {
    /// Removes the domain used longest ago when a new one would be one too many; returns the octets that waited there.
    mutating func makePlace(for key: FlowDomainKey, limit: Int, _ report: inout FlowReport) -> Int {
        guard count >= limit, self[key] == nil, let oldest = self.min(by: { $0.value.lastUsed < $1.value.lastUsed })
        else { return 0 }
        self[oldest.key] = nil
        report.setsDropped += UInt32(clamping: oldest.value.pending.count)
        report.bytesDropped += UInt32(clamping: oldest.value.pendingBytes)
        return oldest.value.pendingBytes
    }
}
