import AccessService
import Foundation
import Postgres
import RADIUS
import Store
import Territory
import Testing

@Suite struct AuthenticationLogTests {
    private static let station = Attribute(.callingStationID, text: "02-00-5E-00-53-01:Ma commune")

    @Test func `every decision is stored with its method and its reason, and no password`() async throws {
        try await Deployment.with(configure: { $0.logRepeatWindow = .zero }) { deployment in
            let ground = deployment.ground
            let code = try await ground.voucher().code.canonical
            let gateway = try Gateway(deployment.authenticationPort)
            let secret = try SharedSecret(gateway.secretOctets)
            #expect(try await gateway.login(code, code, attributes: [Self.station])?.code == .accessAccept)
            #expect(try await gateway.login("nobody", "hunter2", attributes: [Self.station])?.code == .accessReject)
            let chap = CHAPResponse(
                identifier: 1, password: Array("hunter2".utf8), challenge: Array(repeating: 7, count: 16))
            let challenged = try await gateway.exchange(
                try secret.accessRequest(identifier: 77, userName: code, chap: chap))
            #expect(challenged?.code == .accessReject)
            let mac = try await gateway.login("02005e005301", "02005e005301", attributes: [Self.station])
            #expect(mac?.code == .accessReject)
            try await eventually { try await ground.count("SELECT count(*) FROM access.auth_event") == 4 }
            for (condition, expected) in [
                ("result = 'accept' AND method = 'pap' AND reason IS NULL AND subject_kind = 'voucher'", 1),
                ("result = 'reject' AND method = 'pap' AND reason = 'unknown-user' AND user_name = 'nobody'", 1),
                ("result = 'reject' AND method = 'chap' AND reason = 'wrong-password' AND subject_id IS NOT NULL", 1),
                ("result = 'reject' AND method = 'mac' AND reason = 'device-unknown'", 1),
                ("calling_station = '02:00:5e:00:53:01'", 3),
                ("repeats = 1 AND latency_us >= 0 AND node <> '' AND NOT survived", 4),
                ("auth_event::text LIKE '%hunter2%'", 0),
            ] {
                let count = try await ground.count(
                    SQL(unescaped: "SELECT count(*) FROM access.auth_event WHERE \(condition)"))
                #expect(count == expected, "\(condition)")
            }
        }
    }

    @Test func `a name of 253 octets is cut, a station that is not UTF-8 is repaired`() async throws {
        try await Deployment.with(configure: { $0.logRepeatWindow = .zero }) { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let station = Attribute(.callingStationID, [0x61, 0xff, 0x00, 0x62])
            #expect(try await gateway.login(String(repeating: "x", count: 253), "p", attributes: [station]) != nil)
            try await eventually {
                try await deployment.ground.count(
                    """
                    SELECT count(*) FROM access.auth_event
                    WHERE user_name = repeat('x', 128) AND calling_station = U&'a\\FFFDb'
                    """) == 1
            }
        }
    }

    @Test func `a device that insists is one row with a count, and every accept is a row`() async throws {
        try await prepared { ground in
            try await Deployment.run(ground, configure: { $0.logRepeatWindow = .seconds(600) }) { deployment in
                let code = try await ground.voucher().code.canonical
                let gateway = try Gateway(deployment.authenticationPort)
                for identifier in 0..<5 as Range<UInt8> {
                    _ = try await gateway.login("nobody", "p", identifier: identifier)
                    _ = try await gateway.login(code, code, identifier: identifier &+ 100)
                }
                _ = try await gateway.login("somebody", "p", identifier: 50)
            }
            // The end of the daemon ends what it holds back.
            #expect(
                try await ground.count(
                    """
                    SELECT count(*) FROM access.auth_event WHERE user_name = 'nobody' AND repeats = 5 AND last_at > at
                    """) == 1)
            #expect(try await ground.count("SELECT count(*) FROM access.auth_event WHERE result = 'accept'") == 5)
            #expect(try await ground.count("SELECT count(*) FROM access.auth_event") == 7)
        }
    }

    @Test func `EAP is logged once for each login, by method and by whose it is, whatever the outer name`() async throws
    {
        let files = try EAPFiles()
        try await Deployment.with(configure: { ($0.eap, $0.logRepeatWindow) = (files.configuration, .zero) }) {
            deployment in
            let ground = deployment.ground
            let supplicant = Supplicant(port: deployment.authenticationPort, files: files)
            let code = try await ground.voucher().code.canonical
            #expect(try await supplicant.run(Supplicant.ttls("PAP", code, code), .v13).succeeded)
            #expect(try await supplicant.run(Supplicant.ttls("MSCHAPV2", code, "nonsense"), .v13).isRefused)
            try await eventually { try await ground.count("SELECT count(*) FROM access.auth_event") == 2 }
            for condition in [
                "result = 'accept' AND method = 'ttls-pap' AND subject_kind = 'voucher'",
                "result = 'reject' AND reason = 'wrong-password' AND subject_kind = 'voucher'",
            ] {
                let count = try await ground.count(
                    SQL(unescaped: "SELECT count(*) FROM access.auth_event WHERE \(condition)"))
                #expect(count == 1, "\(condition)")
            }
        }
    }

    @Test func `what is decided just before the daemon ends is stored`() async throws {
        try await prepared { ground in
            try await Deployment.run(ground) { deployment in
                let gateway = try Gateway(deployment.authenticationPort)
                #expect(try await gateway.login("nobody", "p")?.code == .accessReject)
            }
            #expect(try await ground.count("SELECT count(*) FROM access.auth_event") == 1)
        }
    }

    /// Ground that outlives the daemon.
    private func prepared(_ body: (Ground) async throws -> Void) async throws {
        let cluster = try await ScratchCluster.shared(
            migrations: Ground.root.appending(path: "migrations").path, durable: false)
        let conninfo = try await cluster.createDatabase()
        try await Deployment.client(conninfo) { owner in
            try await body(try await Ground.prepare(conninfo, keys: InstallationKeys(.random()), owner: owner))
        }
    }
}
