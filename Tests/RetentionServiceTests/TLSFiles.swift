import Foundation

/// An authority, a server and three senders, made and used by the openssl program: `gw` has the declared name, `other` another
/// one, `stranger` another authority.
struct TLSFiles {
    private let directory: String

    init(in directory: String) throws {
        self.directory = directory
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for authority in ["ca", "elsewhere"] {
            try openssl(
                "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=\(authority) "
                    + "-keyout \(authority).key -out \(authority).pem")
        }
        let names = [
            ("server", "localhost", "ca"), ("gw", "gw.bar.example", "ca"), ("other", "other.example", "ca"),
            ("stranger", "gw.bar.example", "elsewhere"),
        ]
        for (file, name, authority) in names {
            try openssl(
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(name) -addext "
                    + "subjectAltName=DNS:\(name) -keyout \(file).key -out \(file).csr")
            try openssl(
                "x509 -req -in \(file).csr -CA \(authority).pem -CAkey \(authority).key -CAcreateserial -days 2 "
                    + "-copy_extensions copy -out \(file).pem")
        }
    }

    func path(_ file: String) -> String { "\(directory)/\(file)" }

    func remove() { try? FileManager.default.removeItem(atPath: directory) }

    /// Sends a text over TLS and ends; whether it is believed is for the other side to show.
    func send(_ text: String, as name: String, to port: Int) throws {
        try text.write(toFile: path("message"), atomically: true, encoding: .utf8)
        let arguments =
            "s_client -quiet -no_ign_eof -connect 127.0.0.1:\(port) -CAfile ca.pem -cert \(name).pem -key \(name).key"
        try openssl(arguments, input: path("message"), mayFail: true)
    }

    private func openssl(_ arguments: String, input: String = "/dev/null", mayFail: Bool = false) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = URL(filePath: directory)
        process.standardInput = FileHandle(forReadingAtPath: input)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        if !mayFail, process.terminationStatus != 0 { throw CocoaError(.fileWriteUnknown) }
    }
}
