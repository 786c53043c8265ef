extension FlowDomain {
    /// What reading a message changes and counts.
    struct Pass {
        let limits: FlowLimits
        let options: ParserOptions
        let serial: UInt64
        let isIPFIX: Bool
        let receivedAt: Int64
        /// Octets that may still be put aside, in all.
        var room: Int
        var context: FlowContext
        var records: UInt32 = 0
        /// Whether some records could not be counted.
        var isOpen = false
    }

    /// Reads a message; returns by how much the octets that wait grew.
    mutating func read(
        _ message: FlowMessage, _ limits: FlowLimits, _ options: ParserOptions, _ serial: UInt64, room: Int,
        _ report: inout FlowReport, _ body: (NetworkEvent) -> Void
    ) -> Int {
        let waited = pendingBytes
        lastUsed = serial
        var pass = Pass(
            limits: limits, options: options, serial: serial, isIPFIX: message.isIPFIX,
            receivedAt: message.receivedAt, room: room, context: message.context)
        pass.context.systemInit = systemInit
        var at = message.sets.lowerBound
        while message.sets.upperBound - at >= 4 {
            let id = UInt16(truncatingIfNeeded: FlowRecord.number(message.bytes, at, 2))
            let length = Int(FlowRecord.number(message.bytes, at + 2, 2))
            // Some exporters of v9 fill the packet's end with zeros.
            if !message.isIPFIX, id == 0, length == 0 { break }
            guard length >= 4, length <= message.sets.upperBound - at else {
                report.fail(.setLength, at: at + 2)
                pass.isOpen = true
                break
            }
            readSet(id, message.bytes, (at + 4)..<(at + length), &pass, &report, body)
            at += length
        }
        sequence.take(
            message.sequence, records: pass.records, isOpen: pass.isOpen, uptime: message.context.uptime, &report)
        return pendingBytes - waited
    }

    private mutating func readSet(
        _ id: UInt16, _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ pass: inout Pass,
        _ report: inout FlowReport, _ body: (NetworkEvent) -> Void
    ) {
        switch (id, pass.isIPFIX) {
        case (0, false), (2, true): readTemplates(bytes, range, isOptions: false, &pass, &report, body)
        case (1, false), (3, true): readTemplates(bytes, range, isOptions: true, &pass, &report, body)
        case (256..., _): readData(id, bytes, range, &pass, &report, body)
        default: report.fail(.setID, at: range.lowerBound - 4)
        }
    }

    private mutating func readData(
        _ id: UInt16, _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ pass: inout Pass,
        _ report: inout FlowReport, _ body: (NetworkEvent) -> Void
    ) {
        guard let template = templates[id] else { return putAside(id, bytes, range, &pass, &report) }
        if template.lastUsed != pass.serial { templates[id]?.lastUsed = pass.serial }
        pass.records &+= template.read(bytes, range, &pass, &systemInit, &report, body)
    }

    private mutating func putAside(
        _ id: UInt16, _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ pass: inout Pass,
        _ report: inout FlowReport
    ) {
        pass.isOpen = true
        guard range.count <= pass.room, range.count <= pass.limits.pendingBytesPerDomain - pendingBytes else {
            report.setsDropped += 1
            report.bytesDropped += UInt32(clamping: range.count)
            return
        }
        pending.append(
            Pending(
                template: id, octets: Array(bytes[range]), context: pass.context, receivedAt: pass.receivedAt))
        pendingBytes += range.count
        pass.room -= range.count
        report.setsBuffered += 1
    }

    /// Learns a template and reads what waited for it. Those records were of other datagrams: this one's count is
    /// not theirs.
    mutating func adopt(
        _ template: FlowTemplate, as id: UInt16, _ pass: inout Pass, _ report: inout FlowReport,
        _ body: (NetworkEvent) -> Void
    ) {
        var template = template
        template.lastUsed = pass.serial
        if learn(template, as: id, limit: pass.limits.templatesPerDomain) { report.templatesChanged = true }
        for set in takePending(id) {
            var past = pass
            past.context = set.context
            set.octets.withUnsafeBytes { octets in
                _ = template.read(octets, 0..<octets.count, &past, &systemInit, &report, body)
            }
            report.setsRecovered += 1
        }
    }
}
