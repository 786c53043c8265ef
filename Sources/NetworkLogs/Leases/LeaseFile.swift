/// Reads whole files of leases. How large a file may be is the caller's bound; reading takes no memory of its size.
public enum LeaseFile {
    /// Which program wrote it.
    public enum Format: String, Sendable, CaseIterable {
        /// dnsmasq's `dhcp-leasefile`: expiry, hardware address, address, name, client identifier.
        case dnsmasq
        /// Kea's memfile, of either version of IP: CSV whose first line names the columns. It is a journal: a later
        /// line about an address goes before an earlier one.
        case keaCSV = "kea-csv"
        /// Kea's answer to `lease4-get-all` and its like, or any JSON with leases.
        case keaJSON = "kea-json"
    }

    /// Hands over what each lease came to, in the file's order, with the octet of the file where it begins.
    /// - Parameter readAt: when the file was read, in milliseconds since 1970 UTC; the time of leases that have none.
    public static func read(
        _ bytes: UnsafeRawBufferPointer, format: Format, readAt: Int64, _ body: (LineOutcome, _ offset: Int) -> Void
    ) {
        let fallback = NetworkEvent(.leaseGranted, time: ReceptionTime.clamped(readAt), traits: .fromReception)
        switch format {
        case .keaJSON:
            var leases = JSONLeases(Cursor(bytes))
            let fault = leases.read { record, start in body(finished(record, fallback), start) }
            if let fault { body(.malformed(.json, offset: fault), fault) }
        case .dnsmasq:
            eachLine(bytes) { line in body(dnsmasq(line, fallback), line.position) }
        case .keaCSV:
            var columns: KeaColumns?
            eachLine(bytes) { line in
                if columns == nil {
                    columns = KeaColumns(line)
                    body(
                        columns == nil ? .malformed(.missingField, offset: line.position) : .ignored(.empty),
                        line.position)
                } else if let columns {
                    let (record, fault) = columns.record(line)
                    body(
                        fault.map { .malformed($0.reason, offset: $0.offset) } ?? finished(record, fallback),
                        line.position)
                }
            }
        }
    }

    private static func finished(_ record: LeaseRecord, _ fallback: NetworkEvent) -> LineOutcome {
        let outcome = record.outcome(fallback)
        guard case .event(var event) = outcome else { return outcome }
        event.settle()
        return .event(event)
    }

    private static func eachLine(_ bytes: UnsafeRawBufferPointer, _ body: (Cursor) -> Void) {
        var cursor = Cursor(bytes)
        while !cursor.isAtEnd {
            let start = cursor.position
            cursor.seek(0x0a)
            let line = cursor.slice(start, cursor.position)
            cursor.advance()
            if !line.isAtEnd, line.current != 0x0d { body(line) }
        }
    }

    /// `1750000000 aa:bb:cc:11:22:33 192.168.1.120 name client-id`; of IPv6, an interface's number stands for the
    /// hardware address and a DUID for the client.
    private static func dnsmasq(_ line: Cursor, _ fallback: NetworkEvent) -> LineOutcome {
        var cursor = line
        if cursor.starts(with: "duid ") || cursor.current == 0x23 { return .ignored(.empty) }
        guard let expiry = cursor.decimal(upTo: LeaseRecord.latest), cursor.take(0x20) else {
            return .malformed(.time, offset: line.position)
        }
        var record = LeaseRecord(expiry: expiry)
        record.mac = cursor.mac()
        guard cursor.seek(0x20), cursor.take(0x20) else { return .malformed(.truncated, offset: cursor.position) }
        guard let address = cursor.address() else { return .malformed(.address, offset: cursor.position) }
        record.address = address
        if !address.isIPv4, cursor.take(0x20), cursor.seek(0x20), cursor.take(0x20) { record.mac = cursor.duid() }
        return finished(record, fallback)
    }
}
