import CRadcli
import Foundation
import RADIUS
import Store
import Territory
import Testing

/// The daemon against libradcli, a RADIUS client library of its own lineage.
///
/// Serialized: the library keeps its state in globals of the process.
@Suite(.serialized) struct LibradcliTests {
    /// What libradcli needs to know of the attributes it is asked to send.
    private static let dictionary = """
        ATTRIBUTE User-Name 1 string
        ATTRIBUTE User-Password 2 string
        ATTRIBUTE NAS-Port 5 integer
        ATTRIBUTE Service-Type 6 integer
        ATTRIBUTE Reply-Message 18 string
        ATTRIBUTE Class 25 string
        ATTRIBUTE Session-Timeout 27 integer
        ATTRIBUTE NAS-Identifier 32 string
        ATTRIBUTE Acct-Status-Type 40 integer
        ATTRIBUTE Acct-Delay-Time 41 integer
        ATTRIBUTE Acct-Session-Id 44 string
        ATTRIBUTE NAS-IP-Address 4 ipv4addr
        """

    /// Runs `body` on a thread that may block, with a handle configured for this deployment.
    private func withHandle(
        _ deployment: Deployment, _ body: @escaping @Sendable (OpaquePointer) -> Int32
    ) async throws -> Int32 {
        let (auth, acct) = (deployment.authenticationPort, deployment.accountingPort)
        let directory = FileManager.default.temporaryDirectory.appending(path: "radcli-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appending(path: "dictionary").path
        try Self.dictionary.write(toFile: file, atomically: true, encoding: .utf8)
        let options = [
            ("nas-identifier", "radcli"), ("authserver", "127.0.0.1:\(auth):\(Ground.secret)"),
            ("acctserver", "127.0.0.1:\(acct):\(Ground.secret)"), ("dictionary", file), ("radius_timeout", "2"),
            ("radius_retries", "1"),
        ]
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                guard let handle = rc_new(), rc_config_init(handle) != nil else {
                    return continuation.resume(returning: -100)
                }
                for (index, option) in options.enumerated() {
                    guard rc_add_config(handle, option.0, option.1, "test", Int32(index)) == 0 else {
                        return continuation.resume(returning: -101)
                    }
                }
                guard rc_apply_config(handle) == 0, rc_read_dictionary(handle, file) == 0 else {
                    return continuation.resume(returning: -102)
                }
                continuation.resume(returning: body(handle))
                rc_destroy(handle)
            }
        }
    }

    private static func add(
        _ handle: OpaquePointer, _ list: inout UnsafeMutablePointer<VALUE_PAIR>?, _ id: Int32, _ text: String
    ) {
        _ = rc_avpair_add(handle, &list, id, text, Int32(text.utf8.count), 0)
    }

    @Test func `rc_auth is accepted with a voucher and rejected without, rc_acct is answered`() async throws {
        try await Deployment.with(nas: .loopback(policy: .off)) { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            for (password, expected) in [(code, OK_RC.rawValue), ("nonsense", REJECT_RC.rawValue)] {
                let result = try await withHandle(deployment) { handle in
                    var (send, received): (UnsafeMutablePointer<VALUE_PAIR>?, UnsafeMutablePointer<VALUE_PAIR>?)
                    defer {
                        rc_avpair_free(send)
                        rc_avpair_free(received)
                    }
                    Self.add(handle, &send, 1, code)
                    Self.add(handle, &send, 2, password)
                    var message = [CChar](repeating: 0, count: Int(PW_MAX_MSG_SIZE))
                    return rc_auth(handle, 0, send, &received, &message)
                }
                #expect(result == Int32(expected))
            }
            let result = try await withHandle(deployment) { handle in
                var send: UnsafeMutablePointer<VALUE_PAIR>?
                defer { rc_avpair_free(send) }
                Self.add(handle, &send, 1, code)
                Self.add(handle, &send, 44, "radcli-1")
                var start: UInt32 = 1
                _ = rc_avpair_add(handle, &send, 40, &start, 4, 0)
                return rc_acct(handle, 0, send)
            }
            #expect(result == Int32(OK_RC.rawValue))
        }
    }

    /// Why the product asks home servers with a client of its own.
    @Test func `rc_check is not answered: its Status-Server has no Message-Authenticator (RFC 5997 §3)`()
        async throws
    {
        try await Deployment.with(nas: .loopback(policy: .off)) { deployment in
            let port = deployment.authenticationPort
            let result = try await withHandle(deployment) { handle in
                var host = Array("127.0.0.1".utf8CString)
                var secret = Array(Ground.secret.utf8CString)
                var message = [CChar](repeating: 0, count: Int(PW_MAX_MSG_SIZE))
                return rc_check(handle, &host, &secret, port, &message)
            }
            #expect(result == Int32(TIMEOUT_RC.rawValue))
            let status = try SharedSecret(Array(Ground.secret.utf8)).statusServer(identifier: 1)
            #expect(try await Gateway(port).exchange(status)?.code == .accessAccept, "a signed one is")
        }
    }
}
