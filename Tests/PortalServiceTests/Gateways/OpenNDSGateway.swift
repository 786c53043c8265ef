import Foundation

@testable import PortalService

/// What an openNDS gateway writes, made with the programs it uses itself where there is cryptography: openssl(1).
enum OpenNDSGateway {
    static let hid = "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90"
    static let vector = "0123456789abcdef"

    /// openNDS's list.
    static func list(
        hid: String = hid, address: String = "10.66.0.101", mac: String = PortalWorld.phone,
        name: String = "mairie-ap-01",
        gateway: String = "10.66.0.1:2050", authdir: String? = "opennds_auth",
        origin: String = "http%3a%2f%2fneverssl.test%2f"
    ) -> String {
        var parts = [
            "hid=\(hid)", "clientip=\(address)", "clientmac=\(mac)", "client_type=cpd_can", "gatewayname=\(name)",
            "gatewayurl=http%3a%2f%2fstatus.client", "version=9.10.0", "gatewayaddress=\(gateway)",
            "gatewaymac=02005e005300",
        ]
        if let authdir { parts.append("authdir=\(authdir)") }
        parts += ["originurl=\(origin)", "clientif=wlan0", "themespec=(null)"]
        return parts.joined(separator: ", ")
    }

    /// The query of level 1.
    static func plain(_ list: String = list(authdir: nil)) -> String {
        "fas=\(Data(list.utf8).base64EncodedString())"
    }

    /// The query of levels 2 and 3: base64 of base64 of AES-256-CBC, the key filled up with zeros, the vector its own text.
    static func encrypted(
        _ list: String = list(), key: String = PortalWorld.faskey, vector: String = vector
    ) throws -> String {
        let hexKey = Array(key.utf8) + [UInt8](repeating: 0, count: max(0, 32 - key.utf8.count))
        let sealed = try Program.run(
            "/usr/bin/openssl",
            [
                "enc", "-aes-256-cbc", "-K", hexKey.prefix(32).map { String(format: "%02x", $0) }.joined(), "-iv",
                vector.utf8.map { String(format: "%02x", $0) }.joined(),
            ], input: Array(list.utf8))
        let once = Data(sealed).base64EncodedString()
        return "fas=\(Data(once.utf8).base64EncodedString())&iv=\(vector)"
    }

    /// SHA-256 by openssl(1).
    static func sha256(_ text: String) throws -> String {
        let output = try Program.run("/usr/bin/openssl", ["dgst", "-sha256", "-r"], input: Array(text.utf8))
        return String(String(decoding: output, as: UTF8.self).prefix(64))
    }

    /// What authmon posts.
    static func authmon(_ action: String, name: String = "mairie-ap-01", payload: String = "none") throws -> [(
        String, String
    )] {
        [
            ("auth_get", action), ("gatewayhash", try sha256(name)),
            ("payload", Data(payload.utf8).base64EncodedString()),
        ]
    }
}

/// A program run to its end.
enum Program {
    struct Failure: Error { let status: Int32 }

    /// The same on a thread of its own, for programs that wait for something this process does.
    static func runAside(_ path: String, _ arguments: [String]) async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try run(path, arguments) }) }.start()
        }
    }

    static func run(_ path: String, _ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let (standardInput, output) = (Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (
            standardInput, output, FileHandle.nullDevice
        )
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input))
        try standardInput.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return Array(data)
    }
}
