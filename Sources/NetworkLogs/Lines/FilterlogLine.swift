/// OPNsense and pfSense `filterlog`: comma-separated fields of a packet. They hold no translated pair, so a line can be
/// attributed to the site only and says `noTranslation`, unless untranslated connections are kept.
enum FilterlogLine {
    /// Places of the fields, counted from 0, for either version of IP.
    private struct Layout {
        let networkProtocol: Int
        let source: Int

        static let version4 = Layout(networkProtocol: 15, source: 18)
        static let version6 = Layout(networkProtocol: 13, source: 15)
    }

    static func parse(_ line: Line) -> LineOutcome? {
        guard line.isFrom("filterlog") else { return nil }
        var fields = Fields(line.content)
        guard let action = fields.field(6) else { return .malformed(.truncated, offset: fields.end) }
        if !action.isExactly("pass") { return .ignored(.denied) }
        guard let version = fields.field(8) else { return .malformed(.truncated, offset: fields.end) }
        let layout: Layout
        switch version.current {
        case 0x34: layout = .version4
        case 0x36: layout = .version6
        default: return .malformed(.number, offset: version.position)
        }
        guard let number = fields.field(layout.networkProtocol), let source = fields.field(layout.source),
            let destination = fields.field(layout.source + 1)
        else { return .malformed(.truncated, offset: fields.end) }
        return packet(line, number, source, destination, &fields, layout)
    }

    private static func packet(
        _ line: Line, _ number: Cursor, _ source: Cursor, _ destination: Cursor, _ fields: inout Fields,
        _ layout: Layout
    ) -> LineOutcome {
        var (number, source, destination) = (number, source, destination)
        var ends = Translation()
        guard let networkProtocol = number.decimal(upTo: 255) else {
            return .malformed(.protocolName, offset: number.position)
        }
        guard let from = source.address() else { return .malformed(.address, offset: source.position) }
        guard let to = destination.address() else { return .malformed(.address, offset: destination.position) }
        (ends.source.address, ends.destination.address) = (from, to)
        if networkProtocol == 6 || networkProtocol == 17 {
            guard var sourcePort = fields.field(layout.source + 2), var port = fields.field(layout.source + 3) else {
                return .malformed(.truncated, offset: fields.end)
            }
            guard let first = sourcePort.port(), let second = port.port() else {
                return .malformed(.number, offset: sourcePort.position)
            }
            (ends.source.port, ends.destination.port) = (first, second)
        }
        var event = line.event(.flow)
        event.networkProtocol = UInt8(truncatingIfNeeded: networkProtocol)
        return line.untranslated(ends, event)
    }

    /// Fields between commas, reached in rising order.
    private struct Fields {
        private var cursor: Cursor
        private var index = 0
        var end: Int { cursor.end }

        init(_ cursor: Cursor) { self.cursor = cursor }

        /// The field at a place no lower than the last one; nil when the line ends before.
        mutating func field(_ wanted: Int) -> Cursor? {
            while index < wanted {
                guard cursor.seek(0x2c), cursor.take(0x2c) else { return nil }
                index += 1
            }
            let start = cursor.position
            var scan = cursor
            scan.seek(0x2c)
            return cursor.slice(start, scan.position)
        }
    }
}

extension Cursor {
    /// Whether what is left is `text`, and no more.
    func isExactly(_ text: StaticString) -> Bool { remaining == text.utf8CodeUnitCount && starts(with: text) }
}
