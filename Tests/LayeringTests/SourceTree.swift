import Foundation

/// The package as files: what the layering rules are checked against.
struct SourceTree {
    struct File {
        let path: String
        let text: String

        /// The modules this file imports, in order, whatever access level, attribute or kind the line carries.
        var imports: [String] {
            text.split(whereSeparator: \.isNewline).compactMap { line in
                line.firstMatch(of: SourceTree.importLine).map { String($0.1) }
            }
        }

        var lineCount: Int { text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count }

        /// The target folder the file is in: the second component of `Sources/Postgres/Client/X.swift`.
        var target: String {
            let parts = path.split(separator: "/")
            return parts.count > 1 ? String(parts[1]) : ""
        }

        /// The folders between the target and the file.
        var folders: [String] { path.split(separator: "/").dropFirst().dropLast().map(String.init) }
    }

    let files: [File]
    let manifest: String

    var sources: [File] { files.filter { $0.path.hasPrefix("Sources/") } }
    var tests: [File] { files.filter { $0.path.hasPrefix("Tests/") } }

    static var importLine: Regex<(Substring, Substring)> {
        #/^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias|actor)\s+)?([A-Za-z_]\w*)/#
    }

    /// The root of the package this test was compiled in.
    static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    static func ofThisPackage() throws -> SourceTree {
        var files: [File] = []
        for top in ["Sources", "Tests"] {
            guard let names = FileManager.default.enumerator(atPath: root.appending(path: top).path) else { continue }
            while let name = names.nextObject() as? String {
                guard name.hasSuffix(".swift") else { continue }
                let url = root.appending(path: top).appending(path: name)
                files.append(File(path: "\(top)/\(name)", text: try String(contentsOf: url, encoding: .utf8)))
            }
        }
        let manifest = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
        return SourceTree(files: files.sorted { $0.path < $1.path }, manifest: manifest)
    }

    /// The table `parts` of Package.swift: name, kind and the parts of ours each may use.
    var parts: [String: (kind: String, ours: Set<String>)] {
        var found: [String: (kind: String, ours: Set<String>)] = [:]
        let part = #/Part\(\s*"([\w-]+)",\s*\.(\w+)(?:\([^)]*\))?(?:,\s*\[([^\]]*)\])?/#
        for match in manifest.matches(of: part) {
            let ours = (match.3 ?? "").matches(of: #/"(\w+)"/#).map { String($0.1) }
            found[String(match.1)] = (String(match.2), Set(ours))
        }
        return found
    }
}
