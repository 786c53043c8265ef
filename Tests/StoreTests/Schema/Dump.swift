import Foundation
import Postgres
import Testing

/// What pg_dump says of a database.
enum Dump {
    static func of(_ conninfo: String, _ options: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try PostgresBinaries.find().directory + "/pg_dump")
        process.arguments = options + ["--dbname", conninfo]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
