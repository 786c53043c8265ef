extension FlowTemplate {
    /// Reads the records of a set; returns how many there were.
    func read(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ pass: inout FlowDomain.Pass, _ systemInit: inout Int64,
        _ report: inout FlowReport, _ body: (NetworkEvent) -> Void
    ) -> UInt32 {
        var at = range.lowerBound
        var count: UInt32 = 0
        // Fewer octets than a record needs are padding (RFC 7011 §3.3.1).
        while range.upperBound - at >= recordLength {
            var record = FlowRecord()
            if isVariable {
                let start = at
                guard readVariable(&record, bytes, &at, range.upperBound, pass.context.exported) else {
                    // A few octets that make no record are padding too, if they are zeros.
                    if !Self.isPadding(bytes, start..<range.upperBound) {
                        report.fail(.record, at: start)
                        pass.isOpen = true
                    }
                    return count
                }
            } else {
                steps.withUnsafeBufferPointer { steps in
                    for step in steps {
                        record.take(
                            step.element, bytes, at + Int(step.offset), Int(step.length),
                            exported: pass.context.exported)
                    }
                }
                at += recordLength
            }
            count &+= 1
            if isOptions {
                report.options &+= 1
                if record.systemInit != 0 {
                    (systemInit, pass.context.systemInit) = (record.systemInit, record.systemInit)
                }
            } else {
                Self.count(record.meaning(pass.context, pass.options), &report, body)
            }
        }
        return count
    }

    @inline(__always) private static func count(
        _ meaning: FlowMeaning, _ report: inout FlowReport, _ body: (NetworkEvent) -> Void
    ) {
        switch meaning {
        case .event(var event):
            event.settle()
            report.events &+= 1
            body(event)
        case .untranslated: report.untranslated &+= 1
        case .denied: report.denied &+= 1
        case .other: report.otherEvents &+= 1
        }
    }

    /// Reads a record some of whose fields say their own length (RFC 7011 §7); false when it reaches beyond the set.
    private func readVariable(
        _ record: inout FlowRecord, _ bytes: UnsafeRawBufferPointer, _ at: inout Int, _ end: Int, _ exported: Int64
    ) -> Bool {
        for step in steps {
            var length = Int(step.length)
            if step.length == 0xffff {
                guard end - at >= 1 else { return false }
                length = Int(bytes[at])
                at += 1
                if length == 255 {
                    guard end - at >= 2 else { return false }
                    length = Int(FlowRecord.number(bytes, at, 2))
                    at += 2
                }
            }
            guard end - at >= length else { return false }
            record.take(step.element, bytes, at, length, exported: exported)
            at += length
        }
        return true
    }

    private static func isPadding(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
        range.count < 4 && bytes[range].allSatisfy { $0 == 0 }
    }
}
