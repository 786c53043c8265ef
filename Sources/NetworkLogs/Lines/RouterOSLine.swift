/// MikroTik RouterOS. A firewall line with a free prefix, and of its parts only the last is sure to be there:
/// `firewall,info PREFIX srcnat: in:bridge out:ether1, connection-state:new src-mac 02:…, proto TCP (SYN),
/// 192.168.5.50:57922->8.8.8.8:53, NAT (192.168.5.50:57922->46.102.221.224:57922)->8.8.8.8:53, len 60`; and
/// `dhcp,info defconf assigned 192.168.88.37 for 02:… name`, whose name is not read.
///
/// In the NAT part the pair between brackets is one end before and after its translation. Lines that say their topics
/// are believed by them; without topics a firewall line must have its end, so that a name chosen by a stranger, which
/// other lines quote, cannot pass for a translation.
enum RouterOSLine {
    static func parse(_ line: Line) -> LineOutcome? {
        var cursor = line.content
        let topics = Topics(&cursor)
        if topics.isDHCP { return lease(cursor, line) ?? .ignored(.leaseStep) }
        if topics.isFirewall { return firewall(cursor, line) }
        if topics.isOther { return .ignored(.otherProgram) }
        if let outcome = lease(cursor, line) { return outcome }
        guard cursor.starts(with: "in:") || cursor.find(": in:") != nil, endsWithLength(cursor) else { return nil }
        return firewall(cursor, line)
    }

    /// What RouterOS writes first: `firewall,info `.
    private struct Topics {
        var isFirewall = false
        var isDHCP = false
        var isOther = false

        init(_ cursor: inout Cursor) {
            var scan = cursor
            let start = scan.position
            while scan.current &- 0x61 < 26 || scan.current == 0x2c || scan.current == 0x2d
                || scan.current == 0x21 || Cursor.isDigit(scan.current)
            {
                scan.advance()
            }
            let words = scan.slice(start, scan.position)
            guard words.find(",") != nil, scan.take(0x20) else { return }
            isFirewall = words.starts(with: "firewall,")
            isDHCP = words.starts(with: "dhcp,")
            isOther = !isFirewall && !isDHCP
            cursor = scan
        }
    }

    /// `, len 60` at the very end.
    private static func endsWithLength(_ cursor: Cursor) -> Bool {
        guard let place = cursor.findLast(", len ") else { return false }
        var tail = cursor.slice(place + 6, cursor.end)
        return tail.decimal() != nil && tail.isAtEnd
    }

    // MARK: Leases

    /// `SERVER assigned ADDRESS for|to MAC NAME`; nil when the line is of another kind.
    private static func lease(_ start: Cursor, _ line: Line) -> LineOutcome? {
        var cursor = start
        guard cursor.seek(0x20), cursor.take(0x20) else { return nil }
        let kind: NetworkEvent.Kind
        if cursor.take("assigned ") {
            kind = .leaseGranted
        } else if cursor.take("deassigned ") {
            kind = .leaseReleased
        } else {
            return nil
        }
        guard let address = cursor.address() else { return .malformed(.address, offset: cursor.position) }
        guard cursor.take(" for ") || cursor.take(" to ") || cursor.take(" from ") else {
            return .malformed(.truncated, offset: cursor.position)
        }
        guard let mac = cursor.mac() else { return .malformed(.hardwareAddress, offset: cursor.position) }
        var event = line.event(kind)
        event.privateAddress = address
        event.mac = mac
        return .event(event)
    }

    // MARK: Firewall

    private static func firewall(_ start: Cursor, _ line: Line) -> LineOutcome {
        guard let place = start.findLast("proto ") else { return .malformed(.missingField, offset: start.position) }
        let head = start.slice(start.position, place)
        var cursor = start.slice(place + 6, start.end)
        let name = cursor.position
        while !cursor.isAtEnd, cursor.current != 0x2c, cursor.current != 0x20 { cursor.advance() }
        guard let number = ProtocolName.number(cursor, from: name, to: cursor.position) else {
            return .malformed(.protocolName, offset: name)
        }
        if cursor.take(" (") {
            cursor.seek(0x29)
            _ = cursor.take(0x29)
        }
        guard cursor.take(", ") else { return .malformed(.truncated, offset: cursor.position) }
        var ends = Translation()
        if let reason = cursor.endpoint(&ends.source) { return .malformed(reason, offset: cursor.position) }
        guard cursor.take("->") else { return .malformed(.truncated, offset: cursor.position) }
        if let reason = cursor.endpoint(&ends.destination) { return .malformed(reason, offset: cursor.position) }
        if cursor.take(", NAT ") {
            if let reason = translation(&cursor, &ends) { return .malformed(reason, offset: cursor.position) }
        }
        var event = line.event(isNew(head) ? .natCreated : .natUpdated)
        event.networkProtocol = number
        event.mac = sourceMAC(head)
        guard ends.fill(&event, line) else { return line.untranslated(ends, event) }
        // A reply has its destination translated although the visitor began.
        if event.origin == .outside, isSourceTranslated(head) { event.origin = .inside }
        return .event(event)
    }

    /// `(source->translated)->destination`, `source->(destination->translated)`, or both bracketed. Of a line of the
    /// reply's direction the bracketed destination is the public address, and what it became the private one.
    private static func translation(_ cursor: inout Cursor, _ ends: inout Translation) -> MalformedReason? {
        var unused = Endpoint()
        if cursor.take(0x28) {
            if let reason = pair(&cursor, &unused, &ends.translatedSource) { return reason }
        } else if let reason = cursor.endpoint(&unused) {
            return reason
        }
        guard cursor.take("->") else { return .truncated }
        guard cursor.take(0x28) else { return cursor.endpoint(&unused) }
        return pair(&cursor, &unused, &ends.translatedDestination)
    }

    /// `before->after)`.
    private static func pair(_ cursor: inout Cursor, _ before: inout Endpoint, _ after: inout Endpoint)
        -> MalformedReason?
    {
        if let reason = cursor.endpoint(&before) { return reason }
        guard cursor.take("->") else { return .truncated }
        if let reason = cursor.endpoint(&after) { return reason }
        return cursor.take(0x29) ? nil : .truncated
    }

    private static func isNew(_ head: Cursor) -> Bool {
        guard let place = head.findLast("connection-state:") else { return true }
        return head.matches("new", at: place + 17)
    }

    /// `connection-state:established,snat`.
    private static func isSourceTranslated(_ head: Cursor) -> Bool {
        guard let place = head.findLast("connection-state:") else { return false }
        var words = head.slice(place + 17, head.end)
        let start = words.position
        while !words.isAtEnd, words.current != 0x20 { words.advance() }
        return head.slice(start, words.position).find(",snat") != nil
    }

    /// Tunnels have no hardware address.
    private static func sourceMAC(_ head: Cursor) -> MACAddress? {
        guard let place = head.findLast("src-mac ") else { return nil }
        var cursor = head.slice(place + 8, head.end)
        return cursor.mac()
    }
}
