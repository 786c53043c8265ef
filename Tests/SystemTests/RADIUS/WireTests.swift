import Foundation
import Testing

extension SystemTests {
    /// Our replies as another implementation reads them.
    @Suite(.serialized, .timeLimit(.minutes(2)), .disabled(if: Lab.isSkipped, "SOCLE_SKIP_LAB=1")) struct WireTests {
        @Test func `tshark decodes every reply, verifies its authenticator and finds nothing malformed`() async throws {
            try await Installation.during("wire") { installation in
                let radclient = installation.radclient
                let voucher = try await installation.voucher()
                let capture = try await Capture.started(
                    in: installation.folder, ports: installation.ports, secret: installation.secret)
                let name = "User-Name = \"\(voucher)\""
                _ = try await radclient.authenticate([name, "User-Password = \"\(voucher)\"", "Proxy-State = 0x01ff"])
                _ = try await radclient.authenticate([name, "CHAP-Password = \"\(voucher)\""])
                _ = try await radclient.authenticate([name, "User-Password = \"wrong\""])
                for status in ["Start", "Interim-Update", "Stop"] {
                    _ = try await radclient.account([
                        name, "Acct-Status-Type = \(status)", "Acct-Session-Id = \"t1\"", "Proxy-State = 0x02",
                    ])
                }
                _ = try await radclient.status(port: installation.ports.authentication)
                _ = try await radclient.status(port: installation.ports.accounting)

                let fields = [
                    "radius.code", "radius.authenticator.valid", "radius.authenticator.invalid", "_ws.malformed",
                    "_ws.expert.message", "radius.Message_Authenticator", "radius.Proxy_State", "radius.User_Password",
                ]
                let packets = try await capture.packets(16, fields: fields)
                #expect(packets.count == 16)
                let replies = packets.filter { ["2", "3", "5"].contains($0["radius.code"]) }
                #expect(replies.map { $0["radius.code"] } == ["2", "2", "3", "5", "5", "5", "2", "5"])
                for packet in packets {
                    #expect(packet["_ws.malformed"] == "", "\(packet)")
                    #expect(packet["_ws.expert.message"] == "", "\(packet)")
                    #expect(packet["radius.authenticator.invalid"]?.contains("1") != true, "\(packet)")
                }
                // tshark pairs no reply with a Status-Server; radclient, which verifies those two, took them.
                #expect(replies.prefix(6).allSatisfy { $0["radius.authenticator.valid"] == "1" }, "\(replies)")
                #expect(replies[0]["radius.Proxy_State"] == "01ff" && replies[3]["radius.Proxy_State"] == "02")
                #expect(replies.prefix(3).allSatisfy { $0["radius.Message_Authenticator"] != "" })
                #expect(packets[0]["radius.User_Password"]?.contains(voucher) == true, "tshark has the secret")
            }
        }
    }
}
