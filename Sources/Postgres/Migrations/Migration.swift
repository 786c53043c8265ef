internal import Foundation

/// A numbered file of statements, `0001_create_territory.sql`.
public struct Migration: Sendable, Equatable {
    /// From the file's name: 1, 2, 3, … without gaps.
    public let number: Int
    /// The file's name.
    public let name: String
    /// The file's bytes.
    public let text: [UInt8]

    /// A migration by its file's name. Throws `migration` when the name has no number.
    public init(name: String, text: [UInt8]) throws(PostgresError) {
        let digits = name.prefix { $0.isASCII && $0.isNumber }
        guard digits.count == 4, let number = Int(digits), name.dropFirst(4).first == "_", name.hasSuffix(".sql") else {
            throw PostgresError(.migration, "\(name) is not called NNNN_name.sql")
        }
        (self.number, self.name, self.text) = (number, name, text)
    }

    /// The file in the same directory that shows what the migrations make, for people and for a test. It is not run.
    static let golden = "schema.sql"

    /// The migrations of a directory in order. Throws `migration` for a gap, a number used twice, a file that cannot be
    /// read or is not UTF-8, and `configuration` for the directory.
    public static func load(directory: String) throws(PostgresError) -> [Migration] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw PostgresError(.configuration, "the directory of migrations cannot be read: \(directory)")
        }
        var migrations: [Migration] = []
        for name in names.filter({ $0.hasSuffix(".sql") && $0 != golden }).sorted() {
            guard let data = FileManager.default.contents(atPath: "\(directory)/\(name)") else {
                throw PostgresError(.migration, "\(name) cannot be read")
            }
            migrations.append(try Migration(name: name, text: [UInt8](data)))
        }
        try validate(migrations)
        return migrations
    }

    static func validate(_ migrations: [Migration]) throws(PostgresError) {
        for (index, migration) in migrations.enumerated() {
            if index > 0, migrations[index - 1].number == migration.number {
                throw PostgresError(
                    .migration, "\(migrations[index - 1].name) and \(migration.name) have the same number")
            }
            guard migration.number == index + 1 else {
                throw PostgresError(.migration, "\(migration.name) is number \(index + 1) in order, a file is missing")
            }
            // The simple protocol ends a statement at the first zero byte.
            guard let text = String(validating: migration.text, as: UTF8.self), !text.utf8.contains(0) else {
                throw PostgresError(.migration, "\(migration.name) is not UTF-8 text")
            }
        }
    }
}
