/// Rows under headings, aligned for people.
struct Table {
    enum Alignment { case left, right }
    private let headings: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    init(_ headings: [String], right: Set<String> = []) {
        self.headings = headings.map { ($0, right.contains($0) ? .right : .left) }
    }

    mutating func add(_ cells: [String]) {
        // A cell is one line, whatever its text holds.
        rows.append(cells.map { String($0.map { $0.isNewline ? " " : $0 }) })
    }

    var text: String {
        let lines = [headings.map(\.title)] + rows
        let widths = headings.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = line.enumerated().map { column, cell in
                let gap = String(repeating: " ", count: widths[column] - cell.count)
                return headings[column].alignment == .right ? gap + cell : cell + gap
            }
            let joined = cells.joined(separator: "  ")
            return String(joined.reversed().drop { $0 == " " }.reversed())
        }
        .joined(separator: "\n")
    }
}
