/// `proto=TCP src=10.0.0.5:51234 nat=203.0.113.2:40000 dst=198.51.100.7:443 start=1790000000000 dur=5000 …`: one whole
/// translation, which a gateway's own script can write. `start` and `dur` are in milliseconds; `mac=` and `id=` may be
/// there; other fields are passed over. Without `dur` the translation began; with `end=` alone it ended.
enum NATRecordLine {
    static func parse(_ line: Line) -> LineOutcome? {
        var cursor = line.content
        guard cursor.starts(with: "proto=") else { return nil }
        var record = Record()
        while !cursor.isAtEnd {
            let start = cursor.position
            while !cursor.isAtEnd, cursor.current != 0x3d, cursor.current != 0x20 { cursor.advance() }
            if cursor.take(0x3d) {
                let value = cursor.position
                if let reason = record.take(FieldName(cursor, from: start, to: value - 1), &cursor) {
                    return .malformed(reason, offset: value)
                }
            }
            cursor.seek(0x20)
            cursor.skipSpaces()
        }
        return record.outcome(line)
    }

    private struct Record {
        private var ends = Translation()
        private var networkProtocol: UInt8 = 0
        private var start: Int64?
        private var duration: Int64?
        private var end: Int64?
        private var mac: MACAddress?
        private var session: UInt64?

        /// The last moment a record may speak of: the end of the year 9999.
        private static let latest: UInt64 = 253_402_300_799_999

        @inline(__always) mutating func take(_ name: FieldName, _ cursor: inout Cursor) -> MalformedReason? {
            switch name {
            case "proto":
                let from = cursor.position
                cursor.seek(0x20)
                guard let number = ProtocolName.number(cursor, from: from, to: cursor.position) else {
                    return .protocolName
                }
                networkProtocol = number
            case "src": return cursor.endpoint(&ends.source)
            case "nat": return cursor.endpoint(&ends.translatedSource)
            case "dst": return cursor.endpoint(&ends.destination)
            case "start":
                guard let value = cursor.decimal(upTo: Self.latest) else { return .number }
                start = Int64(value)
            case "dur":
                guard let value = cursor.decimal(upTo: 31_622_400_000) else { return .number }
                duration = Int64(value)
            case "end":
                guard let value = cursor.decimal(upTo: Self.latest) else { return .number }
                end = Int64(value)
            case "mac":
                guard let address = cursor.mac() else { return .hardwareAddress }
                mac = address
            case "id":
                guard let value = cursor.decimal() else { return .number }
                session = value
            default: break
            }
            return nil
        }

        func outcome(_ line: Line) -> LineOutcome {
            guard !ends.source.address.isNone else { return .malformed(.missingField, offset: line.content.position) }
            var event = line.event(.natCreated)
            event.networkProtocol = networkProtocol
            (event.mac, event.sessionID) = (mac, session)
            (event.start, event.end) = (start, end)
            if let start, let duration { event.end = start + duration }
            if let last = event.end {
                event.kind = event.start == nil ? .natDeleted : .natSession
                (event.time, event.timeTraits) = (last, [])
            } else if let start {
                (event.time, event.timeTraits) = (start, [])
            }
            guard ends.fill(&event, line) else { return line.untranslated(ends, event) }
            return .event(event)
        }
    }
}

extension Cursor {
    /// `192.0.2.1:443`, `[2001:db8::1]:443`, or either address alone, of which IPv6 may go without brackets.
    @inline(__always) mutating func endpoint(_ endpoint: inout Endpoint) -> MalformedReason? {
        var found = Endpoint()
        if take(0x5b) {
            guard let address = ipv6(), take(0x5d) else { return .address }
            found.address = address
        } else if let address = address() {
            found.address = address
            if !address.isIPv4, !address.isNone {
                endpoint = found
                return nil
            }
        } else {
            return .address
        }
        if take(0x3a) {
            guard let port = port() else { return .number }
            found.port = port
        }
        endpoint = found
        return nil
    }
}
