/// Linux `conntrack -E -o timestamp,id[,extended]`:
/// `[1795303652.723692] [NEW] tcp 6 120 SYN_SENT src=… dst=… sport=… dport=… [UNREPLIED] src=… dst=… sport=… dport=… id=…`.
///
/// The first tuple is what the client sent; the public side is where the second, the reply, is sent to. A destroyed
/// connection is told when the kernel's collector passes, so `delta-time` gives a length and not a beginning.
enum ConntrackLine {
    static func parse(_ line: Line) -> LineOutcome? {
        var cursor = line.content
        var time: Int64?
        if cursor.current == 0x5b, Cursor.isDigit(cursor.peek(1)) {
            guard let stated = timestamp(&cursor) else { return nil }
            time = stated
        }
        cursor.skipSpaces()
        let kind: NetworkEvent.Kind
        if cursor.take("[NEW] ") {
            kind = .natCreated
        } else if cursor.take("[DESTROY] ") {
            kind = .natDeleted
        } else if cursor.take("[UPDATE] ") {
            kind = .natUpdated
        } else {
            return nil
        }
        // ulogd writes the same words before `ORIG:`.
        if cursor.starts(with: "ORIG: ") { return nil }
        if kind == .natUpdated { return .ignored(.stateChange) }
        var event = line.event(kind)
        if let time { (event.time, event.timeTraits) = (time, []) }
        return fields(&cursor, event, line)
    }

    /// `[seconds.microseconds]`.
    private static func timestamp(_ cursor: inout Cursor) -> Int64? {
        var scan = cursor
        guard scan.take(0x5b), let seconds = scan.decimal(upTo: 253_402_300_799) else { return nil }
        let milliseconds = Int64(seconds) * 1000 + scan.fractionMilliseconds()
        guard scan.take(0x5d) else { return nil }
        cursor = scan
        return milliseconds
    }

    private static func fields(_ cursor: inout Cursor, _ start: NetworkEvent, _ line: Line) -> LineOutcome {
        var event = start
        cursor.skipSpaces()
        if cursor.take("ipv4 ") || cursor.take("ipv6 ") {
            cursor.skipSpaces()
            _ = cursor.decimal()
            cursor.skipSpaces()
        }
        cursor.seek(0x20)
        cursor.skipSpaces()
        guard let number = cursor.decimal(upTo: 255) else { return .malformed(.protocolName, offset: cursor.position) }
        event.networkProtocol = UInt8(truncatingIfNeeded: number)
        var tuples = ConntrackTuples(icmp: number == 1 || number == 58)
        while !cursor.isAtEnd {
            if let fault = tuples.next(&cursor) { return .malformed(fault.reason, offset: fault.offset) }
        }
        guard tuples.addresses == 4 else { return .malformed(.truncated, offset: cursor.position) }
        if tuples.sessionStated { event.sessionID = tuples.session }
        let ends = tuples.translation
        return ends.fill(&event, line) ? .event(event) : line.untranslated(ends, event)
    }
}

/// The two tuples of a conntrack line, filled field by field.
private struct ConntrackTuples {
    let icmp: Bool
    private(set) var addresses = 0
    private var original = Translation()
    private var replySource = Endpoint()
    private var replyDestination = Endpoint()
    private var identifiers = 0
    private(set) var session: UInt64 = 0
    private(set) var sessionStated = false

    init(icmp: Bool) { self.icmp = icmp }

    /// The reply's ends are those of the original, unless translated.
    var translation: Translation {
        var ends = original
        ends.translatedSource = replyDestination
        ends.translatedDestination = replySource
        return ends
    }

    /// Reads one word, and its value if it is a field that matters.
    @inline(__always) mutating func next(_ cursor: inout Cursor) -> LineFault? {
        cursor.skipSpaces()
        let start = cursor.position
        while !cursor.isAtEnd, cursor.current != 0x3d, cursor.current != 0x20 { cursor.advance() }
        guard cursor.take(0x3d) else { return nil }
        let value = cursor.position
        if let reason = take(FieldName(cursor, from: start, to: value - 1), &cursor) {
            return LineFault(reason: reason, offset: value)
        }
        cursor.seek(0x20)
        return nil
    }

    @inline(__always) private mutating func take(_ name: FieldName, _ cursor: inout Cursor) -> MalformedReason? {
        switch name {
        case "src", "dst":
            guard addresses < 4 else { return nil }
            guard let address = cursor.address() else { return .address }
            switch addresses {
            case 0: original.source.address = address
            case 1: original.destination.address = address
            case 2: replySource.address = address
            default: replyDestination.address = address
            }
            addresses += 1
        case "sport", "dport":
            guard let port = cursor.port() else { return .number }
            switch (addresses, name == FieldName("sport")) {
            case (2, true): original.source.port = port
            case (2, false): original.destination.port = port
            case (4, true): replySource.port = port
            case (4, false): replyDestination.port = port
            default: return .missingField
            }
        case "id":
            guard let number = cursor.decimal() else { return .number }
            return takeIdentifier(number)
        default: break
        }
        return nil
    }

    /// Of ICMP, the first two are the echo identifier on either side, which is translated as a port is.
    private mutating func takeIdentifier(_ number: UInt64) -> MalformedReason? {
        identifiers += 1
        if icmp, identifiers <= 2, addresses == identifiers * 2 {
            guard number <= 65_535 else { return .number }
            let identifier = UInt16(truncatingIfNeeded: number)
            if identifiers == 1 {
                original.source.port = identifier
            } else {
                replyDestination.port = identifier
            }
            return nil
        }
        (session, sessionStated) = (number, true)
        return nil
    }
}
