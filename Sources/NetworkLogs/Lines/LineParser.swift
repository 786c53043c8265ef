/// Reads the lines of one source. It keeps nothing from one line to the next and may be used by several threads.
public struct LineParser: Sendable {
    /// Octets of the longest message read; what is longer is malformed.
    public static let maximumLine = 65_536

    let dialects: LineDialects
    let clock: SourceClock
    let options: ParserOptions

    /// A parser for a source.
    /// - Parameters:
    ///   - dialects: the programs whose lines it may send; all others are ignored.
    ///   - clock: the zone of times without one.
    ///   - options: what may be kept beyond the rule.
    public init(dialects: LineDialects, clock: SourceClock, options: ParserOptions = []) {
        (self.dialects, self.clock, self.options) = (dialects, clock, options)
    }

    /// Reads one syslog message, or one line of a file.
    ///
    /// - Parameters:
    ///   - message: the octets without frame, of any content.
    ///   - receivedAt: milliseconds since 1970 UTC.
    public func parse(_ message: UnsafeRawBufferPointer, receivedAt: Int64) -> LineOutcome {
        guard message.count <= Self.maximumLine else { return .malformed(.tooLong, offset: Self.maximumLine) }
        let reception = ReceptionTime.clamped(receivedAt)
        var cursor = Cursor(message)
        var header = SyslogHeader(receivedAt: reception)
        if let fault = header.read(&cursor, clock, reception) { return .malformed(fault.reason, offset: fault.offset) }
        let line = Line(
            content: cursor, header: header, clock: clock, options: options, receivedAt: reception)
        let outcome = parse(line)
        guard case .event(var event) = outcome else { return outcome }
        event.settle()
        return .event(event)
    }

    /// Reads one message given as an array.
    public func parse(_ message: [UInt8], receivedAt: Int64) -> LineOutcome {
        message.withUnsafeBytes { parse($0, receivedAt: receivedAt) }
    }

    private func parse(_ line: Line) -> LineOutcome {
        if line.content.isAtEnd { return .ignored(.empty) }
        if dialects.contains(.natRecord), let outcome = NATRecordLine.parse(line) { return outcome }
        if dialects.contains(.conntrack), let outcome = ConntrackLine.parse(line) { return outcome }
        if dialects.contains(.ulogd), let outcome = UlogdLine.parse(line) { return outcome }
        if dialects.contains(.routerOS), let outcome = RouterOSLine.parse(line) { return outcome }
        if dialects.contains(.fortiGate), let outcome = FortiGateLine.parse(line) { return outcome }
        if dialects.contains(.filterlog), let outcome = FilterlogLine.parse(line) { return outcome }
        if dialects.contains(.dnsmasq), let outcome = DnsmasqLine.parse(line) { return outcome }
        if dialects.contains(.kea), let outcome = KeaLine.parse(line) { return outcome }
        return .ignored(.otherProgram)
    }
}
