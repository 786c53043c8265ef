/// The rules of the layout; each returns the faults it finds, one sentence for each.
extension SourceTree {
    func forbiddenImports() -> [String] {
        sources.flatMap { file -> [String] in
            guard let allowed = LayerTable.mayImport[file.target] else {
                return ["\(file.path): the target \(file.target) is not in the table of layers"]
            }
            return file.imports.compactMap { module in
                if LayerTable.mayImport[module] != nil, module != file.target, !allowed.contains(module) {
                    return "\(file.path): \(file.target) may not import \(module)"
                }
                if LayerTable.pure.contains(file.target), LayerTable.outsideWorld.contains(module) {
                    return "\(file.path): \(file.target) does no I/O and may not import \(module)"
                }
                return nil
            }
        }
    }

    /// Said again apart from the table, so that editing the table does not quietly undo it.
    func servicesThatMeet() -> [String] {
        sources.filter { LayerTable.services.contains($0.target) }.flatMap { file in
            file.imports.filter { LayerTable.services.contains($0) && $0 != file.target }.map {
                "\(file.path): \(file.target) imports \($0); services meet in PostgreSQL"
            }
        }
    }

    func importersOfLibPQ() -> Set<String> {
        Set(sources.filter { $0.imports.contains("CLibPQ") }.map(\.target))
    }

    func manifestDisagreements() -> [String] {
        let parts = self.parts
        let table = LayerTable.mayImport
        var faults: [String] = []
        for (name, part) in parts where part.kind != "tests" {
            guard let allowed = table[name] else {
                faults.append("Package.swift: \(name) is not in the table of layers")
                continue
            }
            for extra in part.ours.subtracting(allowed).sorted() {
                faults.append("Package.swift: \(name) depends on \(extra), which the table does not allow")
            }
            for missing in allowed.subtracting(part.ours).sorted() {
                faults.append("Package.swift: \(name) lacks \(missing), which the table allows")
            }
        }
        faults += table.keys.filter { parts[$0] == nil }.map { "Package.swift: there is no part \($0)" }
        return faults.sorted()
    }

    func meaninglessFolders() -> [String] {
        files.flatMap { file in
            file.folders.filter { LayerTable.meaninglessNames.contains($0) }.map {
                "\(file.path): the folder \($0) says nothing of what is inside"
            }
        }
    }

    func filesTooLong() -> [String] {
        files.compactMap { file in
            let lines = file.lineCount
            let header = file.text.split(whereSeparator: \.isNewline).prefix(15)
            guard lines > LayerTable.maximumLines, !header.contains(where: { $0.hasPrefix(LayerTable.lengthExcuse) })
            else { return nil }
            return "\(file.path): \(lines) lines, and no “\(LayerTable.lengthExcuse) …” at its head"
        }
    }

    /// Each target of code has its tests, and each target of tests has its code (system and layering tests apart).
    func unpairedTargets() -> [String] {
        let code = Set(sources.map(\.target))
        let tested = Set(tests.map(\.target))
        let alone: Set<String> = ["SystemTests", "LayeringTests"]
        let untested = code.filter { !tested.contains($0 + "Tests") }.map { "Sources/\($0) has no Tests/\($0)Tests" }
        let orphaned = tested.subtracting(alone).filter { !code.contains(String($0.dropLast("Tests".count))) }
            .map { "Tests/\($0) has no sources it is named after" }
        return (untested + orphaned).sorted()
    }
}
