/// FortiGate `key=value`, values perhaps in quotes: forward traffic at a session's end (`duration` gives its interval),
/// at its start, or in between, and the DHCP server's acknowledgements. Application, URL, name and category fields are
/// passed over unread. Of a field that comes twice the first counts: what strangers choose stands further behind.
enum FortiGateLine {
    static func parse(_ line: Line) -> LineOutcome? {
        guard isFortiGate(line.content) else { return nil }
        var fields = FortiGateFields()
        var cursor = line.content
        while !cursor.isAtEnd {
            cursor.skipSpaces()
            let start = cursor.position
            while !cursor.isAtEnd, cursor.current != 0x3d, cursor.current != 0x20 { cursor.advance() }
            guard cursor.take(0x3d) else { continue }
            let name = FieldName(cursor, from: start, to: cursor.position - 1)
            let quoted = cursor.take(0x22)
            let from = cursor.position
            if quoted {
                while !cursor.isAtEnd, cursor.current != 0x22 { cursor.advance(cursor.current == 0x5c ? 2 : 1) }
            } else {
                cursor.seek(0x20)
            }
            if let reason = fields.take(name, cursor.slice(from, cursor.position)) {
                return .malformed(reason, offset: from)
            }
            if quoted, !cursor.take(0x22) { return .malformed(.truncated, offset: cursor.position) }
        }
        return fields.isFortiGate ? fields.outcome(line) : nil
    }

    /// The first fields are of a small set, in an order that firmware chooses.
    private static func isFortiGate(_ content: Cursor) -> Bool {
        content.starts(with: "date=") || content.starts(with: "logver=") || content.starts(with: "timestamp=")
            || content.starts(with: "time=") || content.starts(with: "devname=") || content.starts(with: "itime=")
    }
}

/// The fields of a FortiGate line that are read at all.
private struct FortiGateFields {
    private enum Subject { case traffic, lease, other }

    private var type: Subject?
    private var action: Action?
    private var message: FieldName?
    private var logID: UInt64?
    private var translation: FieldName?
    private var ends = Translation()
    private var leased: NetworkAddress?
    private var leaseSeconds: UInt64?
    private var networkProtocol: UInt8?
    private var mac: MACAddress?
    private var leasedMAC: MACAddress?
    private var session: UInt64?
    private var duration: UInt64?
    private var eventTime: UInt64?
    private var date: Cursor?
    private var clock: Cursor?
    private var offset: Int?

    private enum Action { case start, denied, ended }

    /// Other programs begin a line with a date too.
    var isFortiGate: Bool { logID != nil || type != nil }

    mutating func take(_ name: FieldName, _ value: Cursor) -> MalformedReason? {
        var value = value
        switch name {
        case "srcip": return address(&value, &ends.source.address)
        case "dstip": return address(&value, &ends.destination.address)
        case "transip": return address(&value, &ends.translatedSource.address)
        case "tranip": return address(&value, &ends.translatedDestination.address)
        case "srcport": return port(&value, &ends.source.port)
        case "dstport": return port(&value, &ends.destination.port)
        case "transport": return port(&value, &ends.translatedSource.port)
        case "tranport": return port(&value, &ends.translatedDestination.port)
        case "proto":
            guard let number = value.decimal(upTo: 255) else { return .number }
            networkProtocol = networkProtocol ?? UInt8(truncatingIfNeeded: number)
        case "sessionid": return number(&value, &session)
        case "duration": return number(&value, &duration, upTo: 31_622_400)
        case "eventtime": return number(&value, &eventTime)
        case "lease": return number(&value, &leaseSeconds, upTo: 4_294_967_295)
        case "logid": return number(&value, &logID)
        default: return takeText(name, &value)
        }
        return nil
    }

    private mutating func takeText(_ name: FieldName, _ value: inout Cursor) -> MalformedReason? {
        let word = FieldName(value, from: value.position, to: value.end)
        switch name {
        case "type":
            guard type == nil else { return nil }
            type = word == FieldName("traffic") ? .traffic : word == FieldName("event") ? .lease : .other
        case "action":
            guard action == nil else { return nil }
            switch word {
            case "start": action = .start
            case "deny", "blocked", "dropped": action = .denied
            default: action = .ended
            }
        case "trandisp": translation = translation ?? word
        case "dhcp_msg": message = message ?? FieldName(lowercased: value, from: value.position, to: value.end)
        case "srcmac": mac = mac ?? value.mac()
        case "mac": leasedMAC = leasedMAC ?? value.mac()
        case "ip": if leased == nil { leased = value.address() }
        case "date": date = date ?? value
        case "time": clock = clock ?? value
        case "tz": if offset == nil { offset = value.zoneOffset() }
        default: break
        }
        return nil
    }

    private func address(_ value: inout Cursor, _ address: inout NetworkAddress) -> MalformedReason? {
        guard address.isNone else { return nil }
        guard let stated = value.address() else { return .address }
        address = stated
        return nil
    }

    private func port(_ value: inout Cursor, _ port: inout UInt16) -> MalformedReason? {
        guard port == 0 else { return nil }
        guard let stated = value.port() else { return .number }
        port = stated
        return nil
    }

    private func number(_ value: inout Cursor, _ number: inout UInt64?, upTo limit: UInt64 = .max) -> MalformedReason? {
        guard number == nil else { return nil }
        guard let stated = value.decimal(upTo: limit) else { return .number }
        number = stated
        return nil
    }

    // MARK: Outcome

    func outcome(_ line: Line) -> LineOutcome {
        var event = line.event(.natSession)
        if let time = time(line) { (event.time, event.timeTraits) = (time.milliseconds, time.traits) }
        switch type {
        case .traffic: return traffic(event, line)
        case .lease: return lease(event)
        case .other: return .ignored(.otherProgram)
        case nil: return .malformed(.missingField, offset: line.content.end)
        }
    }

    private func traffic(_ start: NetworkEvent, _ line: Line) -> LineOutcome {
        if action == .denied { return .ignored(.denied) }
        guard !ends.source.address.isNone else { return .malformed(.missingField, offset: line.content.end) }
        var (event, ends) = (start, ends)
        // Of ICMP these fields hold types and identifiers, as firmware likes.
        if networkProtocol == 1 || networkProtocol == 58 { ends.forgetPorts() }
        (event.networkProtocol, event.mac, event.sessionID) = (networkProtocol ?? 0, mac, session)
        // Identifiers 4, 15 and 17 tell a start; 20 is a session that goes on.
        let message = (logID ?? 0) % 1_000_000
        if action == .start {
            event.kind = .natCreated
        } else if message == 20 {
            event.kind = .natUpdated
        } else {
            event.end = event.time
        }
        if let duration, event.kind != .natCreated { event.start = event.time - Int64(duration) * 1000 }
        if event.kind == .natSession, event.start == nil { event.kind = .natDeleted }
        if translation == FieldName("noop") || !ends.fill(&event, line) { return line.untranslated(ends, event) }
        return .event(event)
    }

    private func lease(_ start: NetworkEvent) -> LineOutcome {
        var event = start
        guard let message else { return .ignored(.otherProgram) }
        switch message {
        case "ack": event.kind = .leaseGranted
        case "release": event.kind = .leaseReleased
        case "decline": event.kind = .leaseDeclined
        default: return .ignored(.leaseStep)
        }
        guard let leased, !leased.isNone, let leasedMAC else { return .ignored(.incompleteLease) }
        (event.privateAddress, event.mac) = (leased, leasedMAC)
        if event.kind == .leaseGranted, let leaseSeconds {
            (event.start, event.end) = (event.time, event.time + Int64(leaseSeconds) * 1000)
        }
        return .event(event)
    }

    /// `eventtime` in seconds, milliseconds, microseconds or nanoseconds, which firmware chooses and its size tells
    /// until the year 5138; else `date` and `time`, in `tz` or the declared zone.
    private func time(_ line: Line) -> SourceTime? {
        if let eventTime {
            let milliseconds: UInt64 =
                switch eventTime {
                case ..<100_000_000_000: eventTime * 1000
                case ..<100_000_000_000_000: eventTime
                case ..<100_000_000_000_000_000: eventTime / 1000
                default: eventTime / 1_000_000
                }
            return SourceTime(milliseconds: Int64(milliseconds), traits: [])
        }
        guard var date, var clock, let year = date.digits(4), date.take(0x2d), let month = date.digits(2),
            date.take(0x2d), let day = date.digits(2), let second = clock.clock()
        else { return nil }
        let written = WrittenTime(
            year: year, month: month, day: day, secondOfDay: second, milliseconds: 0, offset: offset)
        return line.clock.resolve(written, receivedAt: line.receivedAt)
    }
}
