/// Reads CSV as RFC 4180 has it and as spreadsheets write it: commas, semicolons or tabs; CRLF, LF or CR; doubled quotes;
/// quoted line ends; a byte order mark; UTF-8, UTF-16 or Windows-1252. All of it or nothing.
public struct CSVReader: Sendable {
    /// Largest file, in bytes.
    public var fileBytes = 32 << 20
    /// Largest record, in bytes of UTF-8.
    public var recordBytes = 1 << 20
    /// Largest field, in bytes of UTF-8.
    public var fieldBytes = 64 << 10
    /// Most records, the header included.
    public var records = 500_000
    /// Most fields of a record.
    public var fields = 256
    /// Faults told before the reader gives up.
    public var faults = 200

    /// A reader with the default bounds.
    public init() {}

    /// Reads a file's bytes; `file` is the name for faults. Throws `faultyTable` with every fault, its line and column.
    public func read(_ bytes: [UInt8], file: String) throws(TerritoryError) -> CSVTable {
        guard bytes.count <= fileBytes else { throw refuse(file, 1, 1, "is larger than \(fileBytes) bytes") }
        guard let (text, encoding) = TextDecoding.decode(bytes) else {
            throw refuse(file, 1, 1, "is neither UTF-8 nor UTF-16 nor Windows-1252 text")
        }
        let utf8 = Array(text.utf8)
        let separator = Self.separator(of: utf8)
        var scanner = CSVScanner(bytes: utf8, separator: separator, limits: self, file: file)
        let rows = scanner.records()
        guard scanner.faults.isEmpty else { throw TerritoryError(.faultyTable, file, faults: scanner.faults) }
        guard let header = rows.first else { throw refuse(file, 1, 1, "has no header") }
        return CSVTable(
            file: file, encoding: encoding, separator: separator, header: header.fields.map(\.text),
            rows: Array(rows.dropFirst()))
    }

    private func refuse(_ file: String, _ line: Int, _ column: Int, _ message: String) -> TerritoryError {
        let fault = DocumentFault(file: file, line: line, column: column, keyPath: "", message: message)
        return TerritoryError(.faultyTable, file, faults: [fault])
    }

    /// The separator that the header has most of, outside quotes; a comma where it has none.
    private static func separator(of bytes: [UInt8]) -> CSVTable.Separator {
        var counts: [CSVTable.Separator: Int] = [:]
        var isQuoted = false
        header: for byte in bytes {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\n") where !isQuoted, UInt8(ascii: "\r") where !isQuoted:
                if !counts.isEmpty { break header }
            default:
                if !isQuoted, let separator = CSVTable.Separator(rawValue: Character(Unicode.Scalar(byte))) {
                    counts[separator, default: 0] += 1
                }
            }
        }
        return CSVTable.Separator.allCases.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? .comma
    }
}
