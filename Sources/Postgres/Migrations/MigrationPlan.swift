/// What is to be done to a database: the files compared with what it records. A pure rule.
struct MigrationPlan: Equatable {
    /// A row of `schema_migration`.
    struct Applied: Equatable, Sendable {
        let number: Int
        let name: String
        let checksum: [UInt8]
    }

    let pending: [Migration]

    /// Throws `migration`, naming the file, when one that was applied differs now or is not there any more, or when a
    /// new one has a number below one that was applied. `checksums` has one for each file.
    init(files: [Migration], checksums: [[UInt8]], applied: [Applied]) throws(PostgresError) {
        let recorded = Dictionary(applied.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let last = applied.map(\.number).max() ?? 0
        for old in applied where !files.contains(where: { $0.number == old.number }) {
            throw PostgresError(
                .migration, "\(old.name) was applied and is missing here: this program is older than the database")
        }
        var pending: [Migration] = []
        for (file, checksum) in zip(files, checksums) {
            guard let old = recorded[file.number] else {
                guard file.number > last else {
                    throw PostgresError(.migration, "\(file.name) comes after number \(last) was applied: renumber it")
                }
                pending.append(file)
                continue
            }
            guard old.name == file.name else {
                throw PostgresError(.migration, "\(file.name) was applied under the name \(old.name)")
            }
            guard old.checksum == checksum else {
                throw PostgresError(
                    .migration, "\(file.name) was edited after it was applied: put it back, add a new one")
            }
        }
        self.pending = pending
    }
}
