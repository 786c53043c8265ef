import Foundation
import OpenSSL
import Postgres
import RADIUS
import Store
import Testing

@testable import AccessService

@Suite(.serialized) struct RadSecAuthorizationTests {
    @Test(arguments: [false, true])
    func `a Disconnect goes back over the connection that the NAS has made, in either version`(version11: Bool)
        async throws
    {
        try await RadSecGround.with { ground in
            try await ground.serve { deployment, port in
                let here = deployment.ground
                let code = try await here.voucher().code.canonical
                let start = try onceStarted(deployment, code)
                var configuration = RadSecClientTests.configuration(ground, port)
                configuration.offersVersion11 = version11
                let events = RadSecClientTests.Events()
                try await RadSecClientTests.connected(configuration, events: events) { connection in
                    guard case .packet = await connection.exchange(timeout: .seconds(8), start) else {
                        Issue.record("accounting is not answered")
                        return
                    }
                    let session = try #require(
                        try await here.owner.query("SELECT session_id FROM access.live_session").first
                    )
                    .decode(UUID.self, column: 0)
                    try await Outbox(here.owner).enqueue(
                        [NewOutboxCommand(.disconnect, nas: here.nas, target: .session(session))],
                        of: here.organisation)
                    let request = try #require(await events.request())
                    #expect(request[0] == 40)
                    #expect(request.firstRange(of: [44, 8] + Array("sess-1".utf8)) != nil, "Acct-Session-Id")
                    connection.send(Self.answer(request, version11: version11))
                    try await eventually {
                        try await here.count(
                            "SELECT count(*) FROM access.outbox WHERE acknowledged_at IS NOT NULL OR outcome = 'ack'")
                            == 1
                    }
                }
            }
        }
    }

    private func onceStarted(
        _ deployment: Deployment, _ code: String
    ) throws -> (ProxyRelay.Envelope) -> SignedRequest? {
        { envelope in
            switch envelope {
            case .radius10(let identifier, _):
                guard let secret = try? SharedSecret(RadSecGround.secret) else { return nil }
                return try? Gateway.accountingRequest(secret, .start, "sess-1", name: code, identifier: identifier)
            case .radius11(let token):
                return try? SignedRequest(
                    .accountingRequest, token: token,
                    attributes: [
                        Attribute(.acctStatusType, uint32: AccountingStatus.start.rawValue),
                        Attribute(.acctSessionID, text: "sess-1"), Attribute(.userName, text: code),
                        Attribute(.callingStationID, text: "02-00-5E-00-53-01"),
                    ])
            }
        }
    }

    /// A Disconnect-ACK by hand: signed with the secret of all TLS (RFC 5176 §2.3), or with the token of RADIUS/1.1.
    private static func answer(_ request: [UInt8], version11: Bool) -> [UInt8] {
        let head: [UInt8] = [41, request[1], 0, 20]
        if version11 { return head + request[4..<20] }
        return head + Digest.md5(head + request[4..<20] + RadSecGround.secret)
    }
}
