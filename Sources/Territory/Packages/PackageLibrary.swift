public import Foundation

/// Every package of a directory with its inheritance resolved, and every fault found in it.
public struct PackageLibrary: Sendable {
    /// Longest chain of `extends`.
    public static let longestChain = 8

    /// Packages that sites can be made of, by name: without fault and not abstract.
    public let packages: [String: SitePackage]
    /// Every fault of every file, in order of files and lines.
    public let faults: [PackageFault]

    /// Names in order.
    public var names: [String] { packages.keys.sorted() }

    /// Reads each `*.yaml` of a directory. Throws `unreadable`; what is wrong inside files is in ``faults``.
    public static func load(directory: URL) throws(TerritoryError) -> PackageLibrary {
        let (files, unreadable) = try DocumentFiles.read(directory)
        return PackageLibrary(files: files, faults: unreadable)
    }

    /// The package of that name. Throws `unknownName`, or `faultyDocument` with the faults that keep it away.
    public func resolve(_ name: String) throws(TerritoryError) -> SitePackage {
        if let package = packages[name] { return package }
        if let own = faultsByName[name] {
            throw TerritoryError(.faultyDocument, "package \(name)", faults: own)
        }
        throw TerritoryError(.unknownName, "no package \"\(name)\"; there are \(names.joined(separator: ", "))")
    }

    private let faultsByName: [String: [PackageFault]]

    init(files: [(name: String, file: String, text: String)], faults unreadable: [PackageFault] = []) {
        var roots: [String: DocumentNode] = [:]
        var broken: [String: [PackageFault]] = [:]
        for file in files {
            switch DocumentNode.parse(file.text, file: file.file) {
            case .success(let root): roots[file.name] = root
            case .failure(let more): broken[file.name] = more.faults
            }
        }
        var packages: [String: SitePackage] = [:]
        for (name, root) in roots {
            let log = DocumentReader.Log()
            let isAbstract = Self.readOwn(root, name: name, log: log)
            if let merged = Self.inherit(name, roots: roots, broken: Set(broken.keys), log: log) {
                let package = isAbstract ? nil : SitePackage.read(merged, log: log)
                if isAbstract { Self.readAbstract(merged, log: log) }
                if log.faults.isEmpty { packages[name] = package }
            }
            if !log.faults.isEmpty { broken[name] = Self.ordered(log.faults) }
        }
        self.packages = packages
        faultsByName = broken
        // A parent's fault shows in each child; it is told once.
        faults = Self.ordered(Array(broken.values.joined()) + unreadable)
    }

    private static func ordered(_ faults: [PackageFault]) -> [PackageFault] {
        Set(faults).sorted {
            ($0.file, $0.line, $0.column ?? 0, $0.keyPath, $0.message)
                < ($1.file, $1.line, $1.column ?? 0, $1.keyPath, $1.message)
        }
    }

    /// The keys that are never inherited; returns whether the package is abstract.
    private static func readOwn(_ root: DocumentNode, name: String, log: DocumentReader.Log) -> Bool {
        let own = DocumentReader(root, log: log)
        let told = own.string("package", required: true, length: 1...63)
        if let told, told != name { own.fault("package", "is \"\(told)\" in a file named \"\(name)\"") }
        _ = own.value("version", required: true)
        if Slug(rawValue: name) == nil { own.fault("package", "wanted lowercase letters, digits and hyphens") }
        return own.bool("abstract") ?? false
    }

    /// The document laid over its ancestors; nil, with a fault, where one is missing, broken or itself.
    private static func inherit(
        _ name: String, roots: [String: DocumentNode], broken: Set<String>, log: DocumentReader.Log
    ) -> DocumentNode? {
        guard let own = roots[name] else { return nil }
        var merged = own
        var chain = [name]
        var node = own
        while let extends = node.entry("extends") {
            let refuse = { (message: String) in log.faults.append(extends.fault(at: "extends", message)) }
            guard let parent = extends.text else {
                refuse("is \(extends.kind), wanted a package's name")
                return nil
            }
            guard !chain.contains(parent) else {
                refuse("goes round in a circle: \((chain + [parent]).joined(separator: " → "))")
                return nil
            }
            guard let next = roots[parent] else {
                refuse(
                    broken.contains(parent)
                        ? "names \"\(parent)\", which has faults" : "names \"\(parent)\", which is not there")
                return nil
            }
            chain.append(parent)
            guard chain.count <= longestChain else {
                refuse("is the end of a chain longer than \(longestChain)")
                return nil
            }
            merged = merged.over(next)
            node = next
        }
        return merged
    }

    /// An abstract package may lack anything, but what it has must be right.
    private static func readAbstract(_ root: DocumentNode, log: DocumentReader.Log) {
        let own = DocumentReader.Log()
        _ = SitePackage.read(root, log: own)
        log.faults += own.faults.filter { $0.message != "is missing" }
    }
}

extension DocumentNode {
    /// The value of a key of a group.
    func entry(_ key: String) -> DocumentNode? {
        guard case .mapping(let pairs) = value, let found = pairs.first(where: { $0.key.text == key })?.value else {
            return nil
        }
        if case .null = found.value { return nil }
        return found
    }
}
