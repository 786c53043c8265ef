import Foundation
import Testing

@testable import Territory

struct CSVReaderTests {
    private func read(_ text: String, _ change: (inout CSVReader) -> Void = { _ in }) throws -> CSVTable {
        var reader = CSVReader()
        change(&reader)
        return try reader.read(Array(text.utf8), file: "x.csv")
    }

    private func faults(_ text: String, _ change: (inout CSVReader) -> Void = { _ in }) -> [String] {
        do {
            _ = try read(text, change)
            return []
        } catch let error as TerritoryError {
            #expect(error.code == .faultyTable)
            return error.faults.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    private func fields(_ table: CSVTable) -> [[String]] { table.rows.map { $0.fields.map(\.text) } }

    @Test(arguments: [
        ("a,b\r\n1,2\r\n", CSVTable.Separator.comma), ("a;b\n1;2", .semicolon), ("a\tb\r1\t2\r", .tab),
        ("\n\na,b\n\n1,2\n\n\n", .comma),
    ])
    func `reads each separator and each line end`(_ text: String, _ separator: CSVTable.Separator) throws {
        let table = try read(text)
        #expect(table.header == ["a", "b"] && fields(table) == [["1", "2"]] && table.separator == separator)
    }

    @Test func `reads quotes as RFC 4180 §2 has them`() throws {
        let table = try read("a,b\n\"x, \"\"y\"\"\",\"two\r\nlines\"\n\"\",z\n")
        #expect(fields(table) == [["x, \"y\"", "two\nlines"], ["", "z"]])
        #expect(table.rows.map(\.line) == [2, 4])
        #expect(table.rows[1].fields[1].line == 4 && table.rows[1].fields[1].column == 4)
    }

    @Test func `chooses the separator from the header outside quotes`() throws {
        let table = try read("\"a,b,c\";d\n1,5;2\n")
        #expect(table.header == ["a,b,c", "d"] && fields(table) == [["1,5", "2"]])
        #expect(try read("a\n1\n").header == ["a"])
    }

    @Test func `counts columns in characters`() throws {
        #expect(try read("a,b\néèà,x\n").rows[0].fields[1].column == 5)
    }

    @Test(arguments: [
        ("a,b\n1\n", ["x.csv:2:1: has 1 fields, the header has 2"]),
        (
            "a,b\n1,2,3\n4\n",
            ["x.csv:2:1: has 3 fields, the header has 2", "x.csv:3:1: has 1 fields, the header has 2"]
        ),
        ("a,b\n1,x\"y\n", ["x.csv:2:4: a quote inside a field that does not begin with one"]),
        ("a,b\n\"1\" ,2\n", ["x.csv:2:4: text after the closing quote"]),
        (
            "a,b\n1,\"2\n3,4\n",
            ["x.csv:2:3: the quote that begins here is never closed", "x.csv:2:1: has 2 fields, the header has 2"]
        ),
        ("a,b\n1,\u{0}\n", ["x.csv:2:3: a zero byte"]), ("", ["x.csv:1:1: has no header"]),
        ("\n\n", ["x.csv:1:1: has no header"]),
    ])
    func `tells each fault with its line and column`(_ text: String, _ wanted: [String]) {
        #expect(faults(text).first == wanted.first)
        if !text.contains("\"2\n") { #expect(faults(text) == wanted) }
    }

    @Test func `bounds file, record, field, fields, records and faults`() {
        let text = "a,b\n123,456\n"
        #expect(faults(text) { $0.fileBytes = 12 } == [])
        #expect(faults(text) { $0.fileBytes = 11 } == ["x.csv:1:1: is larger than 11 bytes"])
        #expect(faults(text) { $0.fieldBytes = 3 } == [])
        #expect(faults(text) { $0.fieldBytes = 2 }.count == 2)
        #expect(faults(text) { $0.recordBytes = 8 } == [])
        #expect(faults(text) { $0.recordBytes = 7 } == ["x.csv:2:1: the record is longer than 7 bytes"])
        #expect(faults(text) { $0.fields = 2 } == [])
        #expect(faults(text) { $0.fields = 1 } == ["x.csv:1:3: there are more than 1 fields"])
        #expect(faults(text) { $0.records = 2 } == [])
        #expect(faults(text) { $0.records = 1 } == ["x.csv:2:1: there are more than 1 records"])
        #expect(faults("a,b\n" + String(repeating: "1\n", count: 500)).count == 200)
    }

    @Test func `reads the encodings of spreadsheets`() throws {
        let text = "code_insee;nom\r\n55001;Œuilly-l’Étang\r\n"
        var windows: [UInt8] = []
        for scalar in text.unicodeScalars {
            switch scalar {
            case "Œ": windows.append(0x8C)
            case "’": windows.append(0x92)
            default: windows.append(UInt8(scalar.value))
            }
        }
        let little = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        let big = text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        let cases: [([UInt8], TextDecoding.Encoding)] = [
            (Array(text.utf8), .utf8), ([0xEF, 0xBB, 0xBF] + Array(text.utf8), .utf8), (windows, .windows1252),
            ([0xFF, 0xFE] + little, .utf16LittleEndian), ([0xFE, 0xFF] + big, .utf16BigEndian),
            (little, .utf16LittleEndian), (big, .utf16BigEndian),
        ]
        for (bytes, encoding) in cases {
            let table = try CSVReader().read(bytes, file: "x.csv")
            #expect(table.encoding == encoding && table.header == ["code_insee", "nom"])
            #expect(fields(table) == [["55001", "Œuilly-l’Étang"]])
        }
    }

    @Test(
        arguments: [
            [0xFF, 0xFE, 0x41], [0xEF, 0xBB, 0xBF, 0xFF], [0x61, 0x2C, 0x81, 0x0A], [0xFF, 0xFE, 0x00, 0xD8],
        ] as [[UInt8]])
    func `refuses bytes that are text in no encoding`(_ bytes: [UInt8]) {
        #expect(throws: TerritoryError(.faultyTable)) { try CSVReader().read(bytes, file: "x.csv") }
    }

    @Test func `random bytes never trap and never give uneven rows`() {
        var generator = SeededGenerator(state: 4_180)
        let alphabet = Array("ab,;\t\"\r\n\u{e9}".utf8) + [0, 0xE9, 0x92]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            guard let table = try? CSVReader().read(bytes, file: "x.csv") else { continue }
            #expect(table.rows.allSatisfy { $0.fields.count == table.header.count })
        }
    }
}
