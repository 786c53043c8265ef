import Foundation

/// eapol_test of wpa_supplicant: a supplicant and its access point, as a program nobody here wrote.
struct Supplicant: Sendable {
    /// What a run said.
    struct Outcome: Sendable {
        let text: String
        let status: Int32

        /// Every conversation ended in an Accept, and the keys in it are those of the supplicant.
        var succeeded: Bool { status == 0 && text.contains("MPPE keys OK: ") && text.contains("mismatch: 0") }
        /// Conversations whose keys agreed.
        var agreedKeys: Int {
            text.split(separator: "MPPE keys OK: ").last.flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
        }
        /// Conversations that resumed a session. On TLS 1.3 a handshake is told of again when its ticket comes.
        var resumptions: Int {
            text.components(separatedBy: "CTRL-EVENT-EAP-SUCCESS").count {
                $0.contains("Handshake finished - resumed=1")
            }
        }
        /// Whether a reply carried an attribute, by eapol_test's name of it.
        func received(_ attribute: String) -> Bool { text.contains(attribute) }
        var isRefused: Bool { text.contains("FAILURE") && status != 0 }
    }

    enum TLS: String, Sendable, CaseIterable {
        case v12 = "tls_disable_tlsv1_2=0 tls_disable_tlsv1_3=1"
        // All that is older too: of versions with a gap OpenSSL takes the lower part.
        case v13 = "tls_disable_tlsv1_0=1 tls_disable_tlsv1_1=1 tls_disable_tlsv1_2=1 tls_disable_tlsv1_3=0"
    }

    let port: UInt16
    let files: EAPFiles
    /// Of the access point that it plays too.
    var secret = Ground.secret

    /// Runs it with the lines of a network block; `again` conversations follow the first, with its session at hand.
    /// `attributes` are sent with each request, `NUMBER:TYPE:VALUE` as eapol_test wants them.
    func run(_ lines: [String], _ tls: TLS, again: Int = 0, attributes: [String] = []) async throws -> Outcome {
        // Out of mistrust of old servers it asks for no ticket unless it is told to.
        let phase1 =
            (lines.contains { $0.hasPrefix("eap=PEAP") } ? "peapver=0 " : "") + "tls_disable_session_ticket=0 "
            + tls.rawValue
        let block =
            ["network={", "key_mgmt=WPA-EAP", "ca_cert=\"\(files.path("ca.pem"))\"", "phase1=\"\(phase1)\""]
            + ["altsubject_match=\"DNS:\(EAPFiles.serverName)\""] + lines + ["}"]
        let path = files.path("supplicant-\(UUID().uuidString).conf")
        try block.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        let arguments =
            [
                "-c", path, "-a", "127.0.0.1", "-p", "\(port)", "-s", secret, "-t", "20", "-r", "\(again)",
            ] + attributes.flatMap { ["-N", $0] }
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                let process = Process()
                process.executableURL = URL(fileURLWithPath: "/usr/bin/eapol_test")
                process.arguments = arguments
                let stdout = Pipe()
                (process.standardOutput, process.standardError) = (stdout, stdout)
                process.standardInput = FileHandle.nullDevice
                do { try process.run() } catch { return continuation.resume(throwing: error) }
                let output = stdout.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                let text = String(decoding: output, as: UTF8.self)
                continuation.resume(returning: Outcome(text: text, status: process.terminationStatus))
            }
        }
    }

    /// TTLS with a login inside; `inner` is `PAP`, `CHAP`, `MSCHAPV2` or an EAP method after `autheap=`.
    static func ttls(_ inner: String, _ login: String, _ password: String) -> [String] {
        let phase2 = inner.contains("=") ? inner : "auth=\(inner)"
        return [
            "eap=TTLS", "anonymous_identity=\"anonymous@trou.example\"", "identity=\"\(login)\"",
            "password=\"\(password)\"", "phase2=\"\(phase2)\"",
        ]
    }

    static func peap(_ login: String, _ password: String, _ inner: String = "MSCHAPV2") -> [String] {
        [
            "eap=PEAP", "anonymous_identity=\"anonymous@trou.example\"", "identity=\"\(login)\"",
            "password=\"\(password)\"", "phase2=\"auth=\(inner)\"",
        ]
    }

    func tls(_ name: String) -> [String] {
        [
            "eap=TLS", "identity=\"device@trou.example\"", "client_cert=\"\(files.path(name + ".pem"))\"",
            "private_key=\"\(files.path(name + ".key"))\"",
        ]
    }
}
