/// Walks over the bytes of a CSV file once.
struct CSVScanner {
    private let bytes: [UInt8]
    private let separator: UInt8
    private let limits: CSVReader
    private let file: String
    private(set) var faults: [DocumentFault] = []

    private var position = 0
    private var line = 1
    private var column = 1
    private var gaveUp = false

    init(bytes: [UInt8], separator: CSVTable.Separator, limits: CSVReader, file: String) {
        self.bytes = bytes
        self.separator = separator.rawValue.asciiValue ?? UInt8(ascii: ",")
        self.limits = limits
        self.file = file
    }

    /// Every record; meaningless if there are faults.
    mutating func records() -> [CSVTable.Row] {
        var rows: [CSVTable.Row] = []
        while position < bytes.count, !gaveUp {
            let start = (position, line)
            let fields = record()
            if position - start.0 > limits.recordBytes {
                fault(start.1, 1, "the record is longer than \(limits.recordBytes) bytes")
            }
            // An empty line is one empty field that was not quoted.
            if fields.count == 1, fields[0].text.isEmpty, position - start.0 <= 2 { continue }
            if rows.count >= limits.records {
                fault(start.1, 1, "there are more than \(limits.records) records")
                gaveUp = true
            }
            if let header = rows.first, header.fields.count != fields.count {
                fault(start.1, 1, "has \(fields.count) fields, the header has \(header.fields.count)")
            }
            rows.append(CSVTable.Row(line: start.1, fields: fields))
        }
        return rows
    }

    private mutating func record() -> [CSVTable.Field] {
        var fields: [CSVTable.Field] = []
        while !gaveUp {
            let start = (line, column)
            let text = current == UInt8(ascii: "\"") ? quotedField() : plainField()
            if text.utf8.count > limits.fieldBytes {
                fault(start.0, start.1, "the field is longer than \(limits.fieldBytes) bytes")
            }
            fields.append(CSVTable.Field(text: text, line: start.0, column: start.1))
            if fields.count > limits.fields {
                fault(start.0, start.1, "there are more than \(limits.fields) fields")
                gaveUp = true
            }
            guard current == separator else { break }
            advance()
        }
        lineEnd()
        return fields
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private var isAtLineEnd: Bool { current == UInt8(ascii: "\n") || current == UInt8(ascii: "\r") }

    private mutating func advance() {
        // Continuation bytes belong to the character before them.
        if let byte = current, byte & 0xC0 != 0x80 { column += 1 }
        position += 1
    }

    private mutating func lineEnd() {
        guard isAtLineEnd else { return }
        if current == UInt8(ascii: "\r"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "\n") {
            position += 1
        }
        position += 1
        line += 1
        column = 1
    }

    private mutating func plainField() -> String {
        let start = position
        while let byte = current, byte != separator, !isAtLineEnd {
            if byte == UInt8(ascii: "\"") {
                fault(line, column, "a quote inside a field that does not begin with one")
                skipField()
                return ""
            }
            if byte == 0 {
                fault(line, column, "a zero byte")
                skipField()
                return ""
            }
            advance()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func quotedField() -> String {
        let opening = (line, column)
        advance()
        var text: [UInt8] = []
        while let byte = current {
            if byte == UInt8(ascii: "\"") {
                advance()
                guard current == UInt8(ascii: "\"") else {
                    if let next = current, next != separator, !isAtLineEnd {
                        fault(line, column, "text after the closing quote")
                        skipField()
                    }
                    return String(decoding: text, as: UTF8.self)
                }
                text.append(byte)
                advance()
            } else if isAtLineEnd {
                text.append(UInt8(ascii: "\n"))
                lineEnd()
            } else {
                text.append(byte)
                advance()
            }
        }
        fault(opening.0, opening.1, "the quote that begins here is never closed")
        gaveUp = true
        return ""
    }

    private mutating func skipField() {
        while let byte = current, byte != separator, !isAtLineEnd {
            _ = byte
            advance()
        }
    }

    private mutating func fault(_ line: Int, _ column: Int, _ message: String) {
        guard faults.count < limits.faults else {
            gaveUp = true
            return
        }
        faults.append(DocumentFault(file: file, line: line, column: column, keyPath: "", message: message))
    }
}
