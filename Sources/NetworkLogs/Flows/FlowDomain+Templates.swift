extension FlowDomain {
    /// Reads a set of templates, or of options' templates.
    mutating func readTemplates(
        _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, isOptions: Bool, _ pass: inout Pass,
        _ report: inout FlowReport, _ body: (NetworkEvent) -> Void
    ) {
        var at = range.lowerBound
        // Fewer octets than a template needs are padding (RFC 7011 §3.3.1).
        while range.upperBound - at >= 4 {
            let id = UInt16(truncatingIfNeeded: FlowRecord.number(bytes, at, 2))
            let count = Int(FlowRecord.number(bytes, at + 2, 2))
            if pass.isIPFIX, count == 0 {
                withdraw(id, isOptions: isOptions, pass.limits, &report)
                at += 4
                continue
            }
            if id == 0, count == 0 { return }
            var scan = at + 4
            var fields = count
            if isOptions {
                guard let stated = Self.optionsFieldCount(bytes, at, range.upperBound, pass.isIPFIX) else {
                    return report.fail(.template, at: at)
                }
                (fields, scan) = (stated, at + 6)
            }
            guard id >= 256 else { return report.fail(.template, at: at) }
            guard fields <= pass.limits.fieldsPerTemplate else { return report.fail(.templateTooLong, at: at + 2) }
            guard let list = Self.fields(fields, bytes, &scan, range.upperBound, pass.isIPFIX),
                let template = FlowTemplate(fields: list, isOptions: isOptions, isIPFIX: pass.isIPFIX)
            else { return report.fail(.template, at: at) }
            adopt(template, as: id, &pass, &report, body)
            at = scan
        }
    }

    /// How many fields an options' template has: IPFIX counts all and the scope among them (RFC 7011 §3.4.2.2), NetFlow
    /// v9 gives the octets of the scope's and of the options' definitions (RFC 3954 §6.1).
    private static func optionsFieldCount(
        _ bytes: UnsafeRawBufferPointer, _ at: Int, _ end: Int, _ isIPFIX: Bool
    ) -> Int? {
        guard end - at >= 6 else { return nil }
        let first = Int(FlowRecord.number(bytes, at + 2, 2))
        let second = Int(FlowRecord.number(bytes, at + 4, 2))
        if isIPFIX { return second <= first ? first : nil }
        return first % 4 == 0 && second % 4 == 0 && first + second > 0 ? (first + second) / 4 : nil
    }

    private static func fields(
        _ count: Int, _ bytes: UnsafeRawBufferPointer, _ at: inout Int, _ end: Int, _ isIPFIX: Bool
    ) -> [FlowField]? {
        guard count > 0, end - at >= count * 4 else { return nil }
        var fields: [FlowField] = []
        fields.reserveCapacity(count)
        for _ in 0..<count {
            guard end - at >= 4 else { return nil }
            var element = UInt16(truncatingIfNeeded: FlowRecord.number(bytes, at, 2))
            let length = UInt16(truncatingIfNeeded: FlowRecord.number(bytes, at + 2, 2))
            at += 4
            var enterprise: UInt32 = 0
            if isIPFIX, element & 0x8000 != 0 {
                guard end - at >= 4 else { return nil }
                enterprise = UInt32(truncatingIfNeeded: FlowRecord.number(bytes, at, 4))
                element &= 0x7fff
                at += 4
                // Enterprise 0 is nobody's, and must not pass for IANA's.
                if enterprise == 0 { enterprise = .max }
            }
            // Lengths of v9 are never variable.
            if !isIPFIX, length == 0xffff { return nil }
            fields.append(FlowField(element: element, length: length, enterprise: enterprise))
        }
        return fields
    }

    /// RFC 7011 §8.1: an id, or 2 for all templates, 3 for all of options.
    private mutating func withdraw(_ id: UInt16, isOptions: Bool, _ limits: FlowLimits, _ report: inout FlowReport) {
        guard limits.honorsWithdrawals else {
            report.withdrawalsIgnored += 1
            return
        }
        let before = templates.count
        if id == (isOptions ? 3 : 2) {
            templates = templates.filter { $0.value.isOptions != isOptions }
        } else if templates[id]?.isOptions == isOptions {
            templates[id] = nil
        }
        if templates.count != before { report.templatesChanged = true }
    }
}
