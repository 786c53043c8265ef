import FoundationEssentials

extension AttributeDictionary {
    /// Octets of the largest dictionary file that is read.
    public static let maximumFileLength = 1 << 20

    /// Reads every `*.dictionary` file of a folder, in the order of their names.
    ///
    /// Throws `.dictionaryUnreadable` naming the folder or file, or the first fault with file and line.
    public init(directory: String) throws(RADIUSError) { self = try AttributeDictionary(Self.sources(in: directory)) }

    /// The dictionary texts of a folder, for ``init(_:)`` and ``faults(in:)``.
    public static func sources(in directory: String) throws(RADIUSError) -> [Source] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw RADIUSError(.dictionaryUnreadable, context: directory)
        }
        var sources: [Source] = []
        for name in names.sorted() where name.hasSuffix(".dictionary") {
            guard let content = FileManager.default.contents(atPath: "\(directory)/\(name)"),
                content.count <= maximumFileLength, let text = String(validating: content, as: UTF8.self)
            else { throw RADIUSError(.dictionaryUnreadable, context: name) }
            sources.append(Source(name: name, text: text))
        }
        guard !sources.isEmpty else { throw RADIUSError(.dictionaryUnreadable, context: directory) }
        return sources
    }
}
