extension ZoneRule {
    /// Reads a POSIX `TZ` text such as `CET-1CEST,M3.5.0,M10.5.0/3` or `<-04>4`.
    ///
    /// Changes must be of the `Mm.w.d` form; those by day number are refused, with no zone of today using them.
    /// - Throws: ``NetworkLogsError/Code/zoneMalformed``.
    public init(posix text: some StringProtocol) throws(NetworkLogsError) {
        let octets = Array(text.utf8)
        let rule = octets.withUnsafeBytes { raw -> ZoneRule? in
            var cursor = Cursor(raw)
            return Self.read(&cursor)
        }
        guard let rule else { throw NetworkLogsError(.zoneMalformed) }
        self = rule
    }

    /// Reads the octets of a file of the zone database (`/usr/share/zoneinfo/Europe/Paris`): its footer, which is the
    /// rule from the last listed change on (RFC 8536 §3.3).
    /// - Throws: ``NetworkLogsError/Code/zoneMalformed`` for version 1 files, which have no footer, and for others.
    public init(tzif file: [UInt8]) throws(NetworkLogsError) {
        guard file.starts(with: [0x54, 0x5a, 0x69, 0x66]), file.last == 0x0a,
            let newline = file.dropLast().lastIndex(of: 0x0a)
        else { throw NetworkLogsError(.zoneMalformed) }
        try self.init(posix: String(decoding: file[(newline + 1)...].dropLast(), as: UTF8.self))
    }

    private static func read(_ cursor: inout Cursor) -> ZoneRule? {
        guard skipName(&cursor), let west = clock(&cursor, limit: 24) else { return nil }
        if cursor.isAtEnd { return ZoneRule(standardOffset: -west) }
        guard skipName(&cursor) else { return nil }
        var summerWest = west - 3600
        if cursor.current != 0x2c {
            guard let stated = clock(&cursor, limit: 24) else { return nil }
            summerWest = stated
        }
        guard cursor.take(0x2c), let start = change(&cursor), cursor.take(0x2c), let end = change(&cursor),
            cursor.isAtEnd
        else { return nil }
        return ZoneRule(standardOffset: -west, summerOffset: -summerWest, start: start, end: end)
    }

    /// Letters, or anything short between `<` and `>`.
    private static func skipName(_ cursor: inout Cursor) -> Bool {
        let start = cursor.position
        if cursor.take(0x3c) {
            guard cursor.seek(0x3e), cursor.position - start <= 16 else { return false }
            return cursor.take(0x3e)
        }
        while (cursor.current | 0x20) &- 0x61 < 26 { cursor.advance() }
        return (3...16).contains(cursor.position - start)
    }

    /// `[+|-]hh[:mm[:ss]]` in seconds.
    private static func clock(_ cursor: inout Cursor, limit: UInt64) -> Int? {
        let negative = cursor.take(0x2d)
        if !negative { _ = cursor.take(0x2b) }
        guard let hours = cursor.decimal(upTo: limit) else { return nil }
        var seconds = Int(hours) * 3600
        for unit in [60, 1] {
            guard cursor.take(0x3a) else { break }
            guard let value = cursor.decimal(upTo: 59) else { return nil }
            seconds += Int(value) * unit
        }
        return negative ? -seconds : seconds
    }

    private static func change(_ cursor: inout Cursor) -> Change? {
        guard cursor.take(0x4d), let month = cursor.decimal(upTo: 12), month >= 1, cursor.take(0x2e),
            let week = cursor.decimal(upTo: 5), week >= 1, cursor.take(0x2e), let weekday = cursor.decimal(upTo: 6)
        else { return nil }
        var seconds = 7200
        if cursor.take(0x2f) {
            guard let stated = clock(&cursor, limit: 167) else { return nil }
            seconds = stated
        }
        return Change(month: Int(month), week: Int(week), weekday: Int(weekday), seconds: seconds)
    }
}
