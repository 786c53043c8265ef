/// Kea's log: `… DHCP4_LEASE_ALLOC [hwtype=1 02:00:5e:00:00:01], cid=[…], tid=0x4e6ff12: lease 10.66.0.100 has been
/// allocated for 3600 seconds`, and its leases as JSON, one object a line. Names of devices are not read.
enum KeaLine {
    static func parse(_ line: Line) -> LineOutcome? {
        if line.content.starts(with: "{") { return JSONLine.parse(line) }
        guard let place = line.content.find(" DHCP4_") ?? line.content.find(" DHCP6_") else {
            return line.isFrom("kea-dhcp4") || line.isFrom("kea-dhcp6") ? .ignored(.leaseStep) : nil
        }
        let message = line.content.slice(place + 7, line.content.end)
        if message.starts(with: "LEASE_ALLOC ") { return lease(message, .leaseGranted, line) }
        if message.starts(with: "LEASE_RENEW ") { return lease(message, .leaseRenewed, line) }
        if message.starts(with: "LEASE_REUSE ") { return lease(message, .leaseRenewed, line) }
        if message.starts(with: "RELEASE ") { return lease(message, .leaseReleased, line) }
        if message.starts(with: "RELEASE_NA ") { return lease(message, .leaseReleased, line) }
        if message.starts(with: "DECLINE_LEASE ") { return lease(message, .leaseDeclined, line) }
        return .ignored(.leaseStep)
    }

    private static func lease(_ message: Cursor, _ kind: NetworkEvent.Kind, _ line: Line) -> LineOutcome {
        var record = LeaseRecord(happening: kind)
        if let place = message.find("hwtype=1 ") {
            var cursor = message.slice(place + 9, message.end)
            record.mac = cursor.mac()
        } else if let place = message.find("duid=[") {
            var cursor = message.slice(place + 6, message.end)
            record.mac = cursor.duid()
        }
        guard let address = address(message) else { return .malformed(.address, offset: message.end) }
        record.address = address
        var event = line.event(kind)
        if let place = message.findLast(" for ") {
            var cursor = message.slice(place + 5, message.end)
            if let seconds = cursor.decimal(upTo: UInt64(UInt32.max)), cursor.take(" second"), seconds > 0 {
                (event.start, event.end) = (event.time, event.time + Int64(seconds) * 1000)
            }
        }
        return record.outcome(event)
    }

    /// The address behind the last of the words that go before one.
    private static func address(_ message: Cursor) -> NetworkAddress? {
        for word: StaticString in ["lease for address ", ": lease ", " lease ", ": address ", " address "] {
            guard let place = message.findLast(word) else { continue }
            var cursor = message.slice(place + word.utf8CodeUnitCount, message.end)
            if let address = cursor.address() { return address }
        }
        return nil
    }
}
