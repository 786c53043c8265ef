extension SyslogHeader {
    /// Characters of a longest tag; RFC 3164 §4.1.3 says 32, programs say more.
    private static let tagLimit = 64

    /// Reads the header at the cursor, which ends on the content. Nil when there is no fault.
    mutating func read(_ cursor: inout Cursor, _ clock: SourceClock, _ receivedAt: Int64) -> LineFault? {
        Self.trimEnd(&cursor)
        if cursor.current == 0x3c {
            let start = cursor.position
            cursor.advance()
            guard let value = cursor.decimal(upTo: 191), cursor.take(0x3e) else {
                return LineFault(reason: .priority, offset: start)
            }
            priority = UInt8(truncatingIfNeeded: value)
            if cursor.starts(with: "1 ") {
                cursor.advance(2)
                return read5424(&cursor, clock, receivedAt)
            }
        }
        readBSD(&cursor, clock, receivedAt)
        return nil
    }

    private static func trimEnd(_ cursor: inout Cursor) {
        var end = cursor.end
        while end > 0,
            cursor.octet(at: end - 1) == 0x0a || cursor.octet(at: end - 1) == 0x0d
                || cursor.octet(at: end - 1) == 0
        { end -= 1 }
        cursor = cursor.slice(cursor.position, end)
    }

    // MARK: RFC 5424

    private mutating func read5424(
        _ cursor: inout Cursor, _ clock: SourceClock, _ receivedAt: Int64
    ) -> LineFault? {
        format = .rfc5424
        if cursor.current == 0x2d, cursor.peek(1) == 0x20 {
            cursor.advance()
        } else {
            let start = cursor.position
            guard let written = cursor.isoTime(), cursor.current == 0x20 else {
                return LineFault(reason: .headerTime, offset: start)
            }
            setTime(written, clock, receivedAt)
        }
        var fields = (host: 0..<0, application: 0..<0, process: 0..<0, message: 0..<0)
        guard Self.field(&cursor, &fields.host), Self.field(&cursor, &fields.application),
            Self.field(&cursor, &fields.process), Self.field(&cursor, &fields.message), cursor.take(0x20)
        else { return LineFault(reason: .header, offset: cursor.position) }
        (hostName, application, messageID) = (fields.host, fields.application, fields.message)
        if !cursor.take(0x2d) {
            guard cursor.current == 0x5b else { return LineFault(reason: .header, offset: cursor.position) }
            let start = cursor.position
            guard Self.skipStructuredData(&cursor) else {
                return LineFault(reason: .structuredData, offset: start)
            }
        }
        guard cursor.isAtEnd || cursor.take(0x20) else {
            return LineFault(reason: .structuredData, offset: cursor.position)
        }
        _ = cursor.take("\u{feff}")
        // What rsyslog reads from a file begins with a space.
        cursor.skipSpaces()
        content = cursor.position..<cursor.end
        return nil
    }

    /// A space and a field; `-` is an absent one.
    @inline(__always) private static func field(_ cursor: inout Cursor, _ range: inout Range<Int>) -> Bool {
        guard cursor.take(0x20) else { return false }
        let start = cursor.position
        guard cursor.seek(0x20), cursor.position > start else { return false }
        let absent = cursor.position == start + 1 && cursor.octet(at: start) == 0x2d
        range = absent ? start..<start : start..<cursor.position
        return true
    }

    /// `[id name="value" …]`, one or more; in a value `"`, `\` and `]` stand behind a `\` (RFC 5424 §6.3.3).
    private static func skipStructuredData(_ cursor: inout Cursor) -> Bool {
        while cursor.take(0x5b) {
            var quoted = false
            while !cursor.isAtEnd, quoted || cursor.current != 0x5d {
                if quoted, cursor.current == 0x5c {
                    cursor.advance()
                } else if cursor.current == 0x22 {
                    quoted.toggle()
                }
                cursor.advance()
            }
            guard cursor.take(0x5d) else { return false }
        }
        return true
    }

    // MARK: BSD and bare

    private mutating func readBSD(_ cursor: inout Cursor, _ clock: SourceClock, _ receivedAt: Int64) {
        let written = cursor.bsdTime() ?? (Cursor.isDigit(cursor.current) ? cursor.isoTime() : nil)
        if let written {
            format = .bsd
            setTime(written, clock, receivedAt)
            _ = cursor.take(0x3a)
            cursor.skipSpaces()
            if !takeTag(&cursor) { takeHost(&cursor) }
        } else {
            _ = takeTag(&cursor)
        }
        cursor.skipSpaces()
        content = cursor.position..<cursor.end
    }

    /// `name:` or `name[123]:` before a space or the end.
    private mutating func takeTag(_ cursor: inout Cursor) -> Bool {
        var scan = cursor
        let start = scan.position
        while Cursor.isNameOctet(scan.current) || scan.current == 0x2f, scan.position - start <= Self.tagLimit {
            scan.advance()
        }
        let name = start..<scan.position
        guard !name.isEmpty, name.count <= Self.tagLimit else { return false }
        if scan.take(0x5b) {
            while !scan.isAtEnd, scan.current != 0x5d, scan.current != 0x20 { scan.advance() }
            guard scan.take(0x5d) else { return false }
        }
        guard scan.take(0x3a), scan.isAtEnd || scan.take(0x20) else { return false }
        application = name
        scan.skipSpaces()
        cursor = scan
        return true
    }

    private mutating func takeHost(_ cursor: inout Cursor) {
        var scan = cursor
        let start = scan.position
        guard scan.seek(0x20), scan.position > start, !Self.beginsContent(scan.octet(at: start)) else { return }
        hostName = start..<scan.position
        scan.skipSpaces()
        cursor = scan
        _ = takeTag(&cursor)
    }

    /// `[` and `{` begin no host's name.
    private static func beginsContent(_ octet: UInt8) -> Bool { octet == 0x5b || octet == 0x7b }

    private mutating func setTime(_ written: WrittenTime, _ clock: SourceClock, _ receivedAt: Int64) {
        guard let resolved = clock.resolve(written, receivedAt: receivedAt) else { return }
        (time, timeTraits) = (resolved.milliseconds, resolved.traits)
    }
}
