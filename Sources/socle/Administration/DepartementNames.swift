import Foundation
import Territory

/// Names of Départements by their codes, from a CSV file with the columns `code` and `nom`.
enum DepartementNames {
    /// The file beside the communes, if there is one.
    static func beside(_ file: String) -> String? {
        let path = URL(filePath: file).deletingLastPathComponent().appending(path: "departements.csv").path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    static func read(_ path: String) throws -> [String: String] {
        let table = try CSVReader().read(try CommandFile.read(path), file: path)
        let header = table.header.map { $0.lowercased() }
        guard let code = header.firstIndex(of: "code"), let name = header.firstIndex(of: "nom") else {
            throw Failure(.data, "\(path):1: there are no columns code and nom")
        }
        var names: [String: String] = [:]
        for row in table.rows { names[row.fields[code].text] = row.fields[name].text }
        return names
    }
}
