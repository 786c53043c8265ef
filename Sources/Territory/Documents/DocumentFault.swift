/// One fault of a YAML file, precise enough for an editor to jump to it.
public struct DocumentFault: Sendable, Hashable, CustomStringConvertible {
    /// The file's name as given, without its directory.
    public let file: String
    /// Counted from 1.
    public let line: Int
    /// Counted from 1; nil where the parser does not know.
    public let column: Int?
    /// Where in the document, such as `rights.session_seconds` or `networks[1].vlan`; empty for the whole document.
    public let keyPath: String
    /// What is wrong and what would be right.
    public let message: String

    /// A fault at a place.
    public init(file: String, line: Int, column: Int? = nil, keyPath: String, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.keyPath = keyPath
        self.message = message
    }

    /// `file:line:column: key: message`, the shape compilers use.
    public var description: String {
        let place = column.map { "\(file):\(line):\($0)" } ?? "\(file):\(line)"
        return keyPath.isEmpty ? "\(place): \(message)" : "\(place): \(keyPath): \(message)"
    }
}

/// A fault of a site package.
public typealias PackageFault = DocumentFault
