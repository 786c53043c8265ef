internal import NIOCore
internal import NetworkLogs
internal import Territory

/// NetFlow v9 and IPFIX over UDP (RFC 7011 §10.3). Templates are kept across restarts; what sequence numbers, templates and
/// a full queue lose is counted.
final class FlowDatagrams: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let register: SourceRegister
    private let clock: RetentionClock
    private let templates: FlowTemplates
    private var decoder = FlowDecoder()
    private var collector: Collector
    private var known = SenderCache(kind: .flow)
    private var templatesChanged = false

    init(_ register: SourceRegister, _ queue: IntakeQueue, templates: FlowTemplates, clock: RetentionClock) {
        (self.register, self.clock, self.templates, collector) = (register, clock, templates, Collector(queue))
        // What cannot be read is learned again from the exporters, who repeat their templates.
        try? decoder.importTemplates(templates.stored)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let source = known.find(envelope.remoteAddress, register) else { return }
        let received = clock.milliseconds()
        // A source is one exporter wherever it sends from: its number outlives restarts.
        let exporter = FlowExporter(address: .none, instance: UInt32(truncatingIfNeeded: source.source.id.rawValue))
        let report = envelope.data.withUnsafeReadableBytes { bytes in
            decoder.decode(bytes, from: exporter, receivedAt: received) { collector.take($0, of: source, at: received) }
        }
        collector.lose(Int64(report.lost), .sequence, of: source, at: received)
        collector.lose(Int64(report.setsDropped), .template, of: source, at: received)
        if report.fault != nil { collector.lose(1, .framing, of: source, at: received) }
        if report.templatesChanged { templatesChanged = true }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !collector.handOver() { collector.giveUp(at: clock.milliseconds()) }
        if templatesChanged {
            templatesChanged = false
            templates.keep(decoder.exportTemplates())
        }
        context.fireChannelReadComplete()
    }
}
