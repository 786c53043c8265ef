/// What any source of leases may say of one; names of devices have no place here.
struct LeaseRecord {
    var address = NetworkAddress.none
    var mac: MACAddress?
    /// Seconds since 1970 UTC of the last exchange with the device.
    var lastSeen: UInt64?
    /// Seconds since 1970 UTC; 0 for a lease without end.
    var expiry: UInt64?
    /// Seconds.
    var lifetime: UInt64?
    /// 0 or nil active, 1 declined, 2 expired, 3 released.
    var state: UInt64?
    /// When it happened, milliseconds since 1970 UTC, if the source says so apart.
    var time: Int64?
    /// The word of a script: what happened.
    var happening: NetworkEvent.Kind?

    /// Seconds beyond which a number is no time: the end of the year 9999.
    static let latest: UInt64 = 253_402_300_799

    /// The event of a lease, whose own times go before `fallback`'s.
    func outcome(_ fallback: NetworkEvent) -> LineOutcome {
        guard !address.isNone, mac != nil || !address.isIPv4 else { return .ignored(.incompleteLease) }
        var event = fallback
        event.kind = happening ?? kind
        (event.privateAddress, event.mac) = (address, mac)
        // Of a lease that is gone the file knows when it was last seen, not when it went.
        if event.kind != .leaseReleased, event.kind != .leaseDeclined { setInterval(&event) }
        if let time {
            (event.time, event.timeTraits) = (time, [])
        } else if fallback.timeTraits.contains(.fromReception) {
            let known = event.kind == .leaseExpired ? event.end : event.start
            if let known { (event.time, event.timeTraits) = (known, []) }
        }
        return .event(event)
    }

    private func setInterval(_ event: inout NetworkEvent) {
        // A lease without end has the longest lifetime, and an expiry that means nothing.
        if let lifetime, lifetime >= UInt64(UInt32.max) { return }
        if let expiry, expiry != 0, expiry <= Self.latest { event.end = Int64(expiry) * 1000 }
        let limited = lifetime.map { Int64($0) * 1000 }
        if let lastSeen, lastSeen <= Self.latest {
            event.start = Int64(lastSeen) * 1000
        } else if let end = event.end, let limited, limited <= end {
            event.start = end - limited
        }
        if event.end == nil, let start = event.start, let limited { event.end = start + limited }
    }

    private var kind: NetworkEvent.Kind {
        switch state {
        case 1: .leaseDeclined
        case 2: .leaseExpired
        case 3: .leaseReleased
        // Kea writes a lease that is gone with a lifetime of 0.
        default: lifetime == 0 ? .leaseReleased : .leaseGranted
        }
    }
}

extension Cursor {
    /// The hardware address in a DUID of Ethernet: link-layer with time, or link-layer (RFC 8415 §11.2, §11.4).
    mutating func duid() -> MACAddress? {
        if starts(with: "00:01:00:01:") {
            advance(24)
        } else if starts(with: "00:03:00:01:") {
            advance(12)
        } else {
            return nil
        }
        return mac()
    }
}
