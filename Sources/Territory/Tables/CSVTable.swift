/// A CSV file read whole: every row has as many fields as the header.
public struct CSVTable: Sendable, Hashable {
    /// What separates fields.
    public enum Separator: Character, Sendable, Hashable, CaseIterable {
        /// RFC 4180.
        case comma = ","
        /// What a French spreadsheet writes.
        case semicolon = ";"
        /// Tab-separated values.
        case tab = "\t"
    }

    /// One field, and where it begins.
    public struct Field: Sendable, Hashable {
        /// Without the quotes.
        public let text: String
        /// Counted from 1.
        public let line: Int
        /// In characters, counted from 1.
        public let column: Int
    }

    /// One record, which quoted line ends may spread over lines.
    public struct Row: Sendable, Hashable {
        /// Where it begins, counted from 1.
        public let line: Int
        /// As many as the header has.
        public let fields: [Field]
    }

    /// The name given, for faults.
    public let file: String
    /// What the file was written in.
    public let encoding: TextDecoding.Encoding
    /// What separates its fields.
    public let separator: Separator
    /// The first record.
    public let header: [String]
    /// The others; empty lines are left out.
    public let rows: [Row]
}
