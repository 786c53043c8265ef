import NetworkLogs
import Testing

/// The datagrams one decoder is given, and what each comes to.
struct FlowFixture: Sendable, CustomTestStringConvertible {
    struct Step: Sendable {
        let number: Int
        let octets: [UInt8]
        /// Events, and after them the report.
        var expected: [String] = []
    }

    let number: Int
    let source: FixtureSource
    var steps: [Step] = []
    var forbidden: [String] = []
    var testDescription: String { "flows.hex:\(number)" }

    static let all: [FlowFixture] = read()
    static let datagrams: [[UInt8]] = all.flatMap { $0.steps.map(\.octets) }
    static let exporter = FlowExporter(address: NetworkAddress(ipv4: 0xc000_0201), instance: 3)

    var decoder: FlowDecoder {
        var limits = FlowLimits()
        limits.honorsWithdrawals = source.words.contains("withdrawals")
        return FlowDecoder(limits: limits, options: source.options)
    }

    private static func read() -> [FlowFixture] {
        var found: [FlowFixture] = []
        for (index, line) in FixtureFolder.text("flows.hex").split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let body = String(line.dropFirst(2))
            if line.hasPrefix("## ") {
                let words = body.dropFirst().split(separator: " ").map(String.init)
                found.append(FlowFixture(number: index + 1, source: FixtureSource(words: words)))
            }
            guard let last = found.indices.last else { continue }
            if line.hasPrefix("< ") {
                found[last].steps.append(Step(number: index + 1, octets: octets(body)))
            } else if line.hasPrefix("> ") || line.hasPrefix("= "), let step = found[last].steps.indices.last {
                found[last].steps[step].expected.append(String(line))
            } else if line.hasPrefix("~ ") {
                found[last].forbidden += body.split(separator: " ").map(String.init)
            }
        }
        return found
    }

    private static func octets(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8.filter { $0 != UInt8(ascii: " ") })
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...($0 + 1)], as: UTF8.self), radix: 16)
        }
    }
}
