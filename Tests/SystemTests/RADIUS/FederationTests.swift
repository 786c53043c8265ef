import Foundation
import Testing

extension SystemTests {
    /// A visitor whose home is elsewhere: eapol_test, the product, radsecproxy over TLS, FreeRADIUS.
    @Suite(.serialized, .timeLimit(.minutes(3))) struct FederationTests {
        @Test func `a visitor of another realm logs in over TLS at home and is counted here and there`() async throws {
            let user = "visitor@\(Federation.realm)"
            let federation = try await Federation(user: user, password: "Pont-à-Mousson 54")
            try await Installation.during("federation", access: federation.access) { installation in
                let good = try await login(installation, federation, user, "Pont-à-Mousson 54")
                #expect(
                    good.status == 0 && good.text.contains("MPPE keys OK: 1  mismatch: 0"), "\(good.text.suffix(3000))")
                #expect(federation.log.contains("Operator-Name = \"1departement.test\""))
                let bad = try await login(installation, federation, user, "Nancy")
                #expect(bad.status != 0 && bad.text.contains("CTRL-EVENT-EAP-FAILURE"), "\(bad.text.suffix(3000))")

                let record = ["Acct-Status-Type = Start", "Acct-Session-Id = \"f1\"", "User-Name = \"\(user)\""]
                #expect(try await installation.radclient.account(record).code == "Accounting-Response")
                #expect(try await installation.sessions(where: "acct_session_id = 'f1'").count == 1)
                try await eventually("the record reaches home") { federation.log.contains("Acct-Session-Id = \"f1\"") }

                let metrics = try await Command(
                    ["curl", "-s", "http://127.0.0.1:\(installation.ports.admin)/metrics"]
                ).run()
                for service in ["authentication", "accounting"] {
                    let alive = "socle_proxy_home_alive{home=\"federation\",service=\"\(service)\"} 1"
                    #expect(
                        metrics.contains(alive), "\(metrics.split(separator: "\n").filter { $0.contains("proxy") })")
                }
                #expect(installation.log.contains("connected to a home server"))
                #expect(!installation.log.contains(user))
            }
            try await federation.end()
        }

        /// eapol_test as the visitor's device and its access point, the outer name saying no more than the realm.
        private func login(
            _ installation: Installation, _ federation: Federation, _ user: String, _ password: String
        ) async throws -> Command.Outcome {
            let network = """
                network={
                key_mgmt=WPA-EAP
                eap=TTLS
                anonymous_identity="@\(Federation.realm)"
                identity="\(user)"
                password="\(password)"
                phase2="auth=PAP"
                ca_cert="\(federation.folder.path("pki/ca.pem"))"
                altsubject_match="DNS:\(Federation.serverName)"
                }
                """
            let path = federation.folder.path("eapol.conf")
            try network.write(toFile: path, atomically: true, encoding: .utf8)
            return try await Command(
                [
                    "eapol_test", "-c", path, "-a", "127.0.0.1", "-p", "\(installation.ports.authentication)", "-s",
                    installation.secret, "-t", "15",
                ], limit: 20
            ).outcome()
        }
    }
}
