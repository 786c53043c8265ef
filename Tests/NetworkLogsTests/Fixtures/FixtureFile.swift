import Foundation
import NetworkLogs
import Testing

/// The folder of fixtures, beside these tests.
enum FixtureFolder {
    static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "fixtures")

    static func text(_ name: String) -> String {
        (try? String(contentsOf: path.appending(path: name), encoding: .utf8)) ?? ""
    }

    static func names(_ suffix: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path.path)) ?? []
        return all.filter { $0.hasSuffix(suffix) }.sorted()
    }
}

/// What a `##` line of a fixture declares of the source.
struct FixtureSource: Sendable {
    var words: [String]
    var dialects: LineDialects { words.first.flatMap { LineDialects(name: $0) } ?? [] }
    var clock: SourceClock { SourceClock(zone: words.contains("Europe/Paris") ? .europeParis : .utc) }
    var options: ParserOptions {
        var options: ParserOptions = []
        if words.contains("destination") { options.insert(.keepsDestination) }
        if words.contains("untranslated") { options.insert(.keepsUntranslated) }
        return options
    }
    /// The word that looks like a time, in milliseconds.
    var receivedAt: Int64 {
        for word in words where word.count == 20 && word.hasSuffix("Z") {
            let numbers = word.split { !$0.isNumber }.compactMap { Int($0) }
            guard numbers.count == 6 else { continue }
            let seconds = numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
            return Int64(Calendar.day(of: numbers[0], numbers[1], numbers[2]) * 86_400 + seconds) * 1000
        }
        return 0
    }
}

/// One line of a fixture, what is to come out, and what must not.
struct LineFixture: Sendable, CustomTestStringConvertible {
    let file: String
    let number: Int
    let source: FixtureSource
    let octets: [UInt8]
    var expected: String
    var forbidden: [String]
    var testDescription: String { "\(file):\(number)" }

    static let all: [LineFixture] = FixtureFolder.names(".lines").flatMap(read)

    private static func read(_ file: String) -> [LineFixture] {
        var found: [LineFixture] = []
        var source = FixtureSource(words: [])
        for (index, line) in FixtureFolder.text(file).split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let body = String(line.dropFirst(line.hasPrefix("## ") ? 3 : 2))
            if line.hasPrefix("## ") {
                source = FixtureSource(words: body.split(separator: " ").map(String.init))
            } else if line.hasPrefix("< ") {
                found.append(
                    LineFixture(
                        file: file, number: index + 1, source: source, octets: unescaped(body), expected: "",
                        forbidden: []))
            } else if line.hasPrefix("> "), !found.isEmpty {
                found[found.count - 1].expected = body
            } else if line.hasPrefix("~ "), !found.isEmpty {
                found[found.count - 1].forbidden += body.split(separator: " ").map(String.init)
            }
        }
        return found
    }

    /// `\t`, `\n`, `\r`, `\\` and `\xNN`.
    private static func unescaped(_ text: String) -> [UInt8] {
        var octets: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "\\"), let kind = rest.first else {
                octets.append(octet)
                continue
            }
            rest.removeFirst()
            switch kind {
            case UInt8(ascii: "t"): octets.append(9)
            case UInt8(ascii: "n"): octets.append(10)
            case UInt8(ascii: "r"): octets.append(13)
            case UInt8(ascii: "\\"): octets.append(kind)
            case UInt8(ascii: "x"):
                octets.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            default: octets += [octet, kind]
            }
        }
        return octets
    }
}
