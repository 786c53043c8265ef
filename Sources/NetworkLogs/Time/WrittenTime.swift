/// A time as a source wrote it, before its year and zone are known.
struct WrittenTime {
    /// nil when the source writes none (RFC 3164 §4.1.2).
    var year: Int?
    var month: Int
    var day: Int
    /// 0 to 86 400: a leap second may be written.
    var secondOfDay: Int
    var milliseconds: Int64
    /// Seconds east of Greenwich, when the source writes a zone.
    var offset: Int?
}

extension Cursor {
    /// `hh:mm:ss`.
    @inline(__always) mutating func clock() -> Int? {
        var scan = self
        guard let hour = scan.digits(2), hour < 24, scan.take(0x3a), let minute = scan.digits(2), minute < 60,
            scan.take(0x3a), let second = scan.digits(2), second <= 60
        else { return nil }
        self = scan
        return hour * 3600 + minute * 60 + second
    }

    /// `Nov 21 23:27:51`, the day padded with a space or a zero or not at all, with or without fraction; a year may
    /// follow the day, as some senders have it (RFC 3164 §4.1.2, §5.4). Nil, and nothing moves, otherwise.
    mutating func bsdTime() -> WrittenTime? {
        var scan = self
        guard let month = scan.monthName(), scan.take(0x20) else { return nil }
        _ = scan.take(0x20)
        guard let day = scan.decimal(upTo: 31), day >= 1, scan.take(0x20) else { return nil }
        var year: Int?
        if Self.isDigit(scan.peek(3)), scan.peek(4) == 0x20 {
            guard let stated = scan.digits(4), scan.take(0x20) else { return nil }
            year = stated
        }
        guard let second = scan.clock() else { return nil }
        let fraction = scan.fractionMilliseconds()
        self = scan
        return WrittenTime(
            year: year, month: month, day: Int(day), secondOfDay: second, milliseconds: fraction, offset: nil)
    }

    /// `2026-11-21T23:27:51.123456+01:00` (RFC 3339 §5.6, RFC 5424 §6.2.3); a space may stand for the T, `/` for `-`,
    /// a zone may be missing or without colon. Nil, and nothing moves, otherwise.
    mutating func isoTime() -> WrittenTime? {
        var scan = self
        guard let year = scan.digits(4), scan.current == 0x2d || scan.current == 0x2f else { return nil }
        let separator = scan.current
        guard scan.take(separator), let month = scan.digits(2), scan.take(separator), let day = scan.digits(2),
            scan.take(0x54) || scan.take(0x20) || scan.take(0x74), let second = scan.clock()
        else { return nil }
        let fraction = scan.fractionMilliseconds()
        let offset = scan.zoneOffset()
        self = scan
        return WrittenTime(
            year: year, month: month, day: day, secondOfDay: second, milliseconds: fraction, offset: offset)
    }

    /// `Z`, `+01:00` or `+0100`; nil, and nothing moves, otherwise.
    mutating func zoneOffset() -> Int? {
        var scan = self
        if scan.take(0x5a) || scan.take(0x7a) {
            self = scan
            return 0
        }
        let east = scan.current == 0x2b
        guard east || scan.current == 0x2d else { return nil }
        scan.advance()
        guard let hours = scan.digits(2), hours <= 23 else { return nil }
        _ = scan.take(0x3a)
        guard let minutes = scan.digits(2), minutes <= 59 else { return nil }
        self = scan
        return (east ? 1 : -1) * (hours * 3600 + minutes * 60)
    }

    /// The three letters of an English month, in any case.
    private mutating func monthName() -> Int? {
        guard remaining >= 3 else { return nil }
        let letters = UInt32(peek(0) | 0x20) << 16 | UInt32(peek(1) | 0x20) << 8 | UInt32(peek(2) | 0x20)
        let month: Int? =
            switch letters {
            case 0x6a616e: 1
            case 0x666562: 2
            case 0x6d6172: 3
            case 0x617072: 4
            case 0x6d6179: 5
            case 0x6a756e: 6
            case 0x6a756c: 7
            case 0x617567: 8
            case 0x736570: 9
            case 0x6f6374: 10
            case 0x6e6f76: 11
            case 0x646563: 12
            default: nil
            }
        if month != nil { advance(3) }
        return month
    }
}
