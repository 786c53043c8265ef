/// ulogd2 with the NFCT input. LOGEMU writes
/// `Nov 21 23:27:51 host [DESTROY] ORIG: SRC=… DST=… PROTO=TCP SPT=… DPT=… PKTS=6 BYTES=437 , REPLY: SRC=… DST=… …`,
/// GPRINT `timestamp=…,orig.ip.saddr=…,…,ct.id=…,ct.event=4,flow.start.sec=…,flow.end.sec=…,…`. Either may be the
/// whole of a message that another program read from the file, so its own time goes before the message's.
enum UlogdLine {
    static func parse(_ line: Line) -> LineOutcome? {
        if line.content.starts(with: "timestamp=") || line.content.starts(with: "orig.ip.") {
            return UlogdFields.parse(line)
        }
        var cursor = line.content
        var written: WrittenTime?
        if cursor.current != 0x5b {
            written = cursor.bsdTime()
            guard written != nil, cursor.take(0x20), cursor.seek(0x20), cursor.take(0x20) else { return nil }
        }
        let kind: NetworkEvent.Kind
        if cursor.take("[NEW] ORIG: ") {
            kind = .natCreated
        } else if cursor.take("[DESTROY] ORIG: ") {
            kind = .natDeleted
        } else if cursor.take("[UPDATE] ORIG: ") {
            return .ignored(.stateChange)
        } else {
            return nil
        }
        var event = line.event(kind)
        if let written, let own = line.clock.resolve(written, receivedAt: line.receivedAt) {
            (event.time, event.timeTraits) = (own.milliseconds, own.traits)
        }
        return tuples(&cursor, event, line)
    }

    private static func tuples(_ cursor: inout Cursor, _ start: NetworkEvent, _ line: Line) -> LineOutcome {
        var event = start
        var ends = Translation()
        var reply = false
        var addresses = 0
        while !cursor.isAtEnd {
            cursor.skipSpaces()
            let from = cursor.position
            while !cursor.isAtEnd, cursor.current != 0x3d, cursor.current != 0x20 { cursor.advance() }
            guard cursor.take(0x3d) else {
                reply = reply || cursor.matches("REPLY:", at: from)
                continue
            }
            let value = cursor.position
            let name = FieldName(cursor, from: from, to: value - 1)
            if name == FieldName("SRC") || name == FieldName("DST") { addresses += 1 }
            if let reason = take(name, reply, &cursor, &ends, &event) { return .malformed(reason, offset: value) }
            cursor.seek(0x20)
        }
        guard reply, addresses == 4 else { return .malformed(.truncated, offset: cursor.position) }
        return ends.fill(&event, line) ? .event(event) : line.untranslated(ends, event)
    }

    private static func take(
        _ name: FieldName, _ reply: Bool, _ cursor: inout Cursor, _ ends: inout Translation, _ event: inout NetworkEvent
    ) -> MalformedReason? {
        switch name {
        case "SRC", "DST":
            guard let address = cursor.address() else { return .address }
            switch (name == FieldName("SRC"), reply) {
            case (true, false): ends.source.address = address
            case (false, false): ends.destination.address = address
            case (true, true): ends.translatedDestination.address = address
            case (false, true): ends.translatedSource.address = address
            }
        case "SPT", "DPT":
            guard let port = cursor.port() else { return .number }
            switch (name == FieldName("SPT"), reply) {
            case (true, false): ends.source.port = port
            case (false, false): ends.destination.port = port
            case (true, true): ends.translatedDestination.port = port
            case (false, true): ends.translatedSource.port = port
            }
        case "PROTO":
            let from = cursor.position
            cursor.seek(0x20)
            guard let number = ProtocolName.number(cursor, from: from, to: cursor.position) else {
                return .protocolName
            }
            event.networkProtocol = number
        default: break
        }
        return nil
    }
}

/// The fields GPRINT writes.
private struct UlogdFields {
    private var ends = Translation()
    private var event: NetworkEvent
    private var startSeconds: Int64?
    private var startMicroseconds: Int64 = 0
    private var endSeconds: Int64?
    private var endMicroseconds: Int64 = 0
    private var conntrackEvent: UInt64 = 0

    static func parse(_ line: Line) -> LineOutcome {
        var fields = UlogdFields(event: line.event(.natCreated))
        var cursor = line.content
        while !cursor.isAtEnd {
            let start = cursor.position
            while !cursor.isAtEnd, cursor.current != 0x3d, cursor.current != 0x2c { cursor.advance() }
            if cursor.take(0x3d) {
                let value = cursor.position
                if let reason = fields.take(FieldName(cursor, from: start, to: value - 1), &cursor) {
                    return .malformed(reason, offset: value)
                }
                cursor.seek(0x2c)
            }
            _ = cursor.take(0x2c)
        }
        return fields.outcome(line)
    }

    private init(event: NetworkEvent) { self.event = event }

    private mutating func take(_ name: FieldName, _ cursor: inout Cursor) -> MalformedReason? {
        switch name {
        case "orig.ip.saddr": return address(&cursor, &ends.source)
        case "orig.ip.daddr": return address(&cursor, &ends.destination)
        case "reply.ip.saddr": return address(&cursor, &ends.translatedDestination)
        case "reply.ip.daddr": return address(&cursor, &ends.translatedSource)
        case "orig.l4.sport": return port(&cursor, &ends.source)
        case "orig.l4.dport": return port(&cursor, &ends.destination)
        case "reply.l4.sport": return port(&cursor, &ends.translatedDestination)
        case "reply.l4.dport": return port(&cursor, &ends.translatedSource)
        case "orig.ip.protocol":
            guard let number = cursor.decimal(upTo: 255) else { return .number }
            event.networkProtocol = UInt8(truncatingIfNeeded: number)
        default: return takeTimes(name, &cursor)
        }
        return nil
    }

    private mutating func takeTimes(_ name: FieldName, _ cursor: inout Cursor) -> MalformedReason? {
        let seconds: UInt64 = 253_402_300_799
        switch name {
        case "ct.id", "ct.event", "flow.start.sec", "flow.end.sec", "flow.start.usec", "flow.end.usec":
            guard let number = cursor.decimal(upTo: seconds) else { return .number }
            switch name {
            case "ct.id": event.sessionID = number
            case "ct.event": conntrackEvent = number
            case "flow.start.sec": startSeconds = Int64(number)
            case "flow.end.sec": endSeconds = Int64(number)
            case "flow.start.usec": startMicroseconds = Int64(number)
            default: endMicroseconds = Int64(number)
            }
        default: break
        }
        return nil
    }

    private func address(_ cursor: inout Cursor, _ endpoint: inout Endpoint) -> MalformedReason? {
        guard let address = cursor.address() else { return .address }
        endpoint.address = address
        return nil
    }

    private func port(_ cursor: inout Cursor, _ endpoint: inout Endpoint) -> MalformedReason? {
        guard let port = cursor.port() else { return .number }
        endpoint.port = port
        return nil
    }

    private func outcome(_ line: Line) -> LineOutcome {
        guard !ends.source.address.isNone, !ends.translatedSource.address.isNone else {
            return .malformed(.missingField, offset: line.content.end)
        }
        var event = event
        // NF_NETLINK_CONNTRACK_NEW 1, UPDATE 2, DESTROY 4.
        switch conntrackEvent {
        case 1: event.kind = .natCreated
        case 2: return .ignored(.stateChange)
        case 4: event.kind = .natDeleted
        default: return .malformed(.missingField, offset: line.content.end)
        }
        event.start = startSeconds.map { $0 * 1000 + startMicroseconds / 1000 }
        event.end = endSeconds.map { $0 * 1000 + endMicroseconds / 1000 }
        if let end = event.end {
            (event.time, event.timeTraits) = (end, [])
            if event.start != nil { event.kind = .natSession }
        } else if let start = event.start {
            (event.time, event.timeTraits) = (start, [])
        }
        return ends.fill(&event, line) ? .event(event) : line.untranslated(ends, event)
    }
}
