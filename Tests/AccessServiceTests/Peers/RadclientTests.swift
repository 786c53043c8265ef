import Foundation
import RADIUS
import Store
import Testing

/// The daemon against radclient, which checks what we sign and signs what we check.
@Suite struct RadclientTests {
    @Test func `PAP, CHAP, accounting and Status-Server`() async throws {
        try await Deployment.with { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let (auth, acct) = (deployment.authenticationPort, deployment.accountingPort)
            let pap = try await radclient(
                "User-Name=\(code)\nUser-Password=\(code)\nMessage-Authenticator=0x00\n", auth, "auth")
            #expect(pap.succeeded && pap.text.contains("Received Access-Accept"), "\(pap.text)")
            #expect(pap.text.contains("Session-Timeout"))
            let chap = try await radclient(
                "User-Name=\(code)\nCHAP-Password=\(code)\nMessage-Authenticator=0x00\n", auth, "auth")
            #expect(chap.text.contains("Received Access-Accept"), "\(chap.text)")
            let start = try await radclient(
                "Acct-Status-Type=Start\nAcct-Session-Id=x1\nUser-Name=\(code)\nNAS-IP-Address=10.0.0.1\n", acct, "acct"
            )
            #expect(start.succeeded && start.text.contains("Received Accounting-Response"), "\(start.text)")
            for port in [auth, acct] {
                let status = try await radclient("Message-Authenticator=0x00\n", port, "status")
                #expect(status.succeeded, "\(status.text)")
            }
        }
    }

    @Test func `a wrong password is rejected with a reason, a wrong secret gets no reply`() async throws {
        try await Deployment.with { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let port = deployment.authenticationPort
            let reject = try await radclient(
                "User-Name=\(code)\nUser-Password=nonsense\nMessage-Authenticator=0x00\n", port, "auth")
            #expect(reject.text.contains("Received Access-Reject"), "\(reject.text)")
            #expect(reject.text.contains("wrong-password"))
            let silent = try await radclient(
                "User-Name=\(code)\nUser-Password=\(code)\nMessage-Authenticator=0x00\n", port, "auth", secret: "wrong")
            #expect(!silent.succeeded && silent.text.contains("No reply"), "\(silent.text)")
        }
    }
}
