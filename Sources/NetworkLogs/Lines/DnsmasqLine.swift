/// dnsmasq: `dnsmasq-dhcp[12]: DHCPACK(lan0) 10.66.0.100 02:00:5e:00:00:01 name`, whose name is not read, and a JSON
/// line for each call of its `dhcp-script`: `{"event":"add","mac":"…","ip":"…","expires":"…",…}`. An acknowledgement
/// does not say whether it renews. Lines about queries hold names and are not read.
enum DnsmasqLine {
    static func parse(_ line: Line) -> LineOutcome? {
        if line.isFrom("dnsmasq-dhcp") { return exchange(line) }
        if line.isFrom("dnsmasq") { return .ignored(.content) }
        guard line.content.starts(with: "{\"") else { return nil }
        return JSONLine.parse(line)
    }

    private static func exchange(_ line: Line) -> LineOutcome {
        var cursor = line.content
        // With log-dhcp a transaction's number goes before.
        if cursor.decimal() != nil { cursor.skipSpaces() }
        let kind: NetworkEvent.Kind
        if cursor.take("DHCPACK(") || cursor.take("DHCPREPLY(") {
            kind = .leaseGranted
        } else if cursor.take("DHCPRELEASE(") {
            kind = .leaseReleased
        } else if cursor.take("DHCPDECLINE(") {
            kind = .leaseDeclined
        } else {
            return .ignored(.leaseStep)
        }
        guard cursor.seek(0x29), cursor.take(0x29), cursor.take(0x20) else {
            return .malformed(.truncated, offset: cursor.position)
        }
        var record = LeaseRecord(happening: kind)
        guard let address = cursor.address() else {
            // An answer to DHCPINFORM or without lease names no address.
            return cursor.mac() == nil && cursor.duid() == nil
                ? .malformed(.address, offset: cursor.position) : .ignored(.leaseStep)
        }
        record.address = address
        cursor.skipSpaces()
        record.mac = cursor.duid() ?? cursor.mac()
        return record.outcome(line.event(kind))
    }
}

/// One line that is one JSON object, or holds some.
enum JSONLine {
    static func parse(_ line: Line) -> LineOutcome {
        var leases = JSONLeases(line.content)
        var outcome: LineOutcome?
        if let fault = leases.read({ record, _ in outcome = outcome ?? record.outcome(line.event(.leaseGranted)) }) {
            return .malformed(.json, offset: fault)
        }
        return outcome ?? .ignored(.incompleteLease)
    }
}
