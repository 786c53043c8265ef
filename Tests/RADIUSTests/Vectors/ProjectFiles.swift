import FoundationEssentials
import RADIUS

/// The project's files that tests read, found from this file.
enum ProjectFiles {
    private static let root: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(4).joined(separator: "/")
    }()

    static let dictionaries = root + "/config/dictionaries"

    static func vectors(_ name: String) -> [String] {
        let path = "\(root)/Tests/RADIUSTests/Vectors/\(name).vectors"
        guard let content = FileManager.default.contents(atPath: path) else { return [] }
        return String(decoding: content, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
    }

    // Read once: every case of a test with arguments asks for it.
    private static let shipped = Result { try AttributeDictionary(directory: dictionaries) }

    static func shippedDictionary() throws -> AttributeDictionary { try shipped.get() }
}
