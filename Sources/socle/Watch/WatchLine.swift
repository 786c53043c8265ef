import AccessService
import Foundation

/// A line of ``DecisionStream``, as it is read and as it is shown to people.
enum WatchLine: Equatable {
    case decision(WatchedDecision)
    case missed(Int)

    static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.formatted(Self.instant))
        }
        return encoder
    }()

    private static let instant = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// Nil for an empty line, and for one that is not understood.
    init?(_ text: String) {
        struct Missed: Decodable { let missed: Int }
        let data = Data(text.utf8)
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            try Date(try decoder.singleValueContainer().decode(String.self), strategy: Self.instant)
        }
        if let decision = try? decoder.decode(WatchedDecision.self, from: data) {
            self = .decision(decision)
        } else if let missed = try? decoder.decode(Missed.self, from: data) {
            self = .missed(missed.missed)
        } else {
            return nil
        }
    }

    /// Over the columns.
    static let heading = columns(
        ["time", "result", "method", "reason", "site", "nas", "device", "ms", "user"])

    /// What a person reads: local time, and the user last, whose length nobody knows.
    func shown(in zone: TimeZone = .current) -> String {
        switch self {
        case .missed(let count): return "… \(count) decisions came faster than they could be shown"
        case .decision(let decision):
            var format = Date.VerbatimFormatStyle(
                format:
                    "\(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits).\(secondFraction: .fractional(3))",
                timeZone: zone, calendar: Calendar(identifier: .gregorian))
            format.locale = Locale(identifier: "en_US_POSIX")
            let milliseconds = Double(decision.latencyMicroseconds) / 1000
            return Self.columns([
                decision.at.formatted(format), decision.result + (decision.survived ? "*" : ""), decision.method,
                decision.reason ?? "-", decision.site, decision.nas, decision.station ?? "-",
                String(format: "%.1f", milliseconds), decision.user ?? "-",
            ])
        }
    }

    private static let widths = [12, 7, 13, 21, 24, 16, 17, 7]

    private static func columns(_ cells: [String]) -> String {
        cells.enumerated().map { index, cell in
            // What a device calls itself must not move the cursor of who watches.
            let clean = String(cell.unicodeScalars.map { $0.properties.isControl ? "\u{FFFD}" : Character($0) })
            guard index < widths.count else { return clean }
            return clean.padding(toLength: max(widths[index], clean.count), withPad: " ", startingAt: 0)
        }.joined(separator: "  ")
    }
}

extension Unicode.Scalar.Properties {
    /// Control and format characters: among them those that reorder text or begin an escape sequence.
    fileprivate var isControl: Bool { generalCategory == .control || generalCategory == .format }
}
