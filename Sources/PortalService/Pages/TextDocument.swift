/// A long text of the portal (terms, privacy, accessibility): a few lines of structure, no markup.
///
/// The file starts with `version:` and `title:`. Then `## ` is a heading, `- ` a list item, `| a | b |` a table row (the
/// first is its head), `@retention` the table of the site's retention classes, anything else a paragraph; `#` starts a comment line.
struct TextDocument: Sendable, Equatable {
    /// A block of text.
    enum Block: Sendable, Equatable {
        case heading(String)
        case paragraph(String)
        case list([String])
        case table(head: [String], rows: [[String]])
        case retention
    }

    let version: String
    let title: String
    let blocks: [Block]

    /// Reads a file; faults name file and line.
    static func parse(_ text: String, file: String) -> (document: TextDocument, faults: [String]) {
        var reader = Reader(file: file)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            reader.read(line.trimmed, number: index + 1)
        }
        return reader.finish()
    }

    private struct Reader {
        let file: String
        var version: String?
        var title: String?
        var blocks: [Block] = []
        var faults: [String] = []
        var continues = false

        mutating func read(_ line: Substring, number: Int) {
            if line.isEmpty { return continues = false }
            if line.hasPrefix("# ") { return }
            if blocks.isEmpty, line.hasPrefix("version:") { return version = String(line.dropFirst(8).trimmed) }
            if blocks.isEmpty, line.hasPrefix("title:") { return title = String(line.dropFirst(6).trimmed) }
            if line == "@retention" {
                blocks.append(.retention)
                continues = false
            } else if line.hasPrefix("## ") {
                blocks.append(.heading(String(line.dropFirst(3).trimmed)))
                continues = false
            } else if line.hasPrefix("- ") {
                appendItem(String(line.dropFirst(2).trimmed))
            } else if line.hasPrefix("|") {
                appendRow(line, number: number)
            } else {
                appendText(String(line))
            }
        }

        private mutating func appendItem(_ item: String) {
            if case .list(let items) = blocks.last, continues {
                blocks[blocks.count - 1] = .list(items + [item])
            } else {
                blocks.append(.list([item]))
            }
            continues = true
        }

        private mutating func appendRow(_ line: Substring, number: Int) {
            let cells = line.split(separator: "|").map { String($0.trimmed) }
            if case .table(let head, let rows) = blocks.last, continues {
                if cells.count != head.count {
                    faults.append("\(file):\(number): \(cells.count) cells, not \(head.count)")
                }
                blocks[blocks.count - 1] = .table(head: head, rows: rows + [cells])
            } else {
                blocks.append(.table(head: cells, rows: []))
            }
            continues = true
        }

        private mutating func appendText(_ text: String) {
            if case .paragraph(let before) = blocks.last, continues {
                blocks[blocks.count - 1] = .paragraph("\(before) \(text)")
            } else {
                blocks.append(.paragraph(text))
            }
            continues = true
        }

        func finish() -> (document: TextDocument, faults: [String]) {
            var faults = faults
            if version == nil { faults.append("\(file):1: no `version:`") }
            if title == nil { faults.append("\(file):1: no `title:`") }
            if blocks.isEmpty { faults.append("\(file):1: no text") }
            return (TextDocument(version: version ?? "", title: title ?? "", blocks: blocks), faults)
        }
    }

    /// The blocks as HTML, `{name}` filled in and `retention` in its place.
    func body(_ values: KeyValuePairs<String, String>, retention: HTML) -> HTML {
        var html = HTML()
        for block in blocks {
            switch block {
            case .heading(let text): html += "<h2>\(Messages.fill(text, values))</h2>\n"
            case .paragraph(let text): html += "<p>\(Messages.fill(text, values))</p>\n"
            case .list(let items):
                html += "<ul>\(items.map { item -> HTML in "<li>\(Messages.fill(item, values))</li>" })</ul>\n"
            case .table(let head, let rows):
                html += Self.table(head: head, rows: rows.map { row in row.map { Messages.fill($0, values) } })
            case .retention: html += retention
            }
        }
        return html
    }

    /// Each cell repeats its column's name for narrow screens, where rows become blocks.
    static func table(head: [String], rows: [[String]]) -> HTML {
        let columns = head.map { name -> HTML in "<th scope=\"col\">\(name)</th>" }
        let lines = rows.map { row -> HTML in
            let cells = zip(head, row).map { name, cell -> HTML in
                "<td data-name=\"\(name)\">\(cell)</td>"
            }
            return "<tr>\(cells)</tr>"
        }
        return "<table><thead><tr>\(columns)</tr></thead><tbody>\(lines)</tbody></table>\n"
    }
}
