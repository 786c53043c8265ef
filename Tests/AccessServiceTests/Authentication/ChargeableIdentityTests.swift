import Foundation
import Postgres
import RADIUS
import Store
import Testing

@testable import AccessService

/// The Chargeable-User-Identity of our own subjects (RFC 4372).
@Suite struct ChargeableIdentityTests {
    private static let asked = Attribute(.chargeableUserIdentity, [0])

    private static func from(_ realm: String) -> Attribute {
        OperatorName(.realm, realm)?.attribute ?? Attribute(.operatorName, [])
    }

    @Test func `who asks gets one that is stable, opaque, and another for each subject and operator`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let (one, other) = (
                try await deployment.ground.voucher().code.canonical,
                try await deployment.ground.voucher().code.canonical
            )
            func identity(_ code: String, _ attributes: Attribute...) async throws -> [UInt8] {
                let accept = try #require(await gateway.login(code, code, attributes: attributes))
                #expect(accept.code == .accessAccept && accept.all(.chargeableUserIdentity).count == 1)
                return try #require(accept.first(.chargeableUserIdentity)).value
            }
            let first = try await identity(one, Self.asked, Self.from("a.example"))
            #expect(first.count == 32 && first.allSatisfy { (48...57).contains($0) || (97...102).contains($0) })
            #expect(try await identity(one, Self.asked, Self.from("a.example")) == first)
            #expect(try await identity(one, Self.asked, Self.from("b.example")) != first)
            #expect(try await identity(other, Self.asked, Self.from("a.example")) != first)
            let unnamed = try await identity(one, Self.asked)
            #expect(unnamed.count == 32 && unnamed != first)
            // A NAS that logs a device in again says what it was told before (RFC 4372 §2.1).
            #expect(try await identity(one, Attribute(.chargeableUserIdentity, first), Self.from("a.example")) == first)
            #expect(
                try await identity(one, Attribute(.chargeableUserIdentity, [1, 2]), Self.from("a.example")) == first)
        }
    }

    @Test func `who does not ask gets none, nor does who is refused`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let code = try await deployment.ground.voucher().code.canonical
            for attributes in [[], [Self.from("a.example")], [Attribute(.chargeableUserIdentity, [])]] {
                let accept = try #require(await gateway.login(code, code, attributes: attributes))
                #expect(accept.code == .accessAccept && accept.first(.chargeableUserIdentity) == nil)
            }
            let reject = try #require(await gateway.login(code, "wrong", attributes: [Self.asked]))
            #expect(reject.code == .accessReject && reject.first(.chargeableUserIdentity) == nil)
        }
    }

    @Test func `eapol_test gets the same by EAP as by PAP`() async throws {
        let files = try EAPFiles()
        try await Deployment.with(configure: { $0.eap = files.configuration }) { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let accept = try await Gateway(deployment.authenticationPort).login(
                code, code, attributes: [Self.asked, Self.from("a.example")])
            let identity = String(decoding: accept?.first(.chargeableUserIdentity)?.value ?? [], as: UTF8.self)
            #expect(identity.count == 32)
            let outcome = try await Supplicant(port: deployment.authenticationPort, files: files).run(
                Supplicant.ttls("PAP", code, code), .v13, attributes: ["89:x:00", "126:s:1a.example"])
            #expect(outcome.succeeded && outcome.agreedKeys == 1, "\(outcome.text.suffix(3000))")
            let digits = identity.utf8.map { String(format: "%02x", $0) }.joined()
            #expect(outcome.text.contains(identity) || outcome.text.contains(digits), "\(outcome.text.suffix(3000))")
        }
    }

    @Test func `accounting under it finds its subject by Class, and it stands in no record of ours`() async throws {
        try await Deployment.with { deployment in
            let code = try await deployment.ground.voucher().code.canonical
            let accept = try #require(
                await Gateway(deployment.authenticationPort).login(code, code, attributes: [Self.asked]))
            let (identity, group) = (
                try #require(accept.first(.chargeableUserIdentity)), try #require(accept.first(.classValue))
            )
            let accounting = try Gateway(deployment.accountingPort)
            for (session, attributes) in [("with", [identity, group]), ("without", [identity])] {
                let reply = try await accounting.account(
                    .start, session, name: "anonymous", station: "02-00-5E-00-53-0\(session.count)",
                    attributes: attributes)
                #expect(reply?.code == .accountingResponse)
            }
            func count(_ condition: String) async throws -> Int {
                try await deployment.ground.count(
                    SQL(unescaped: "SELECT count(*) FROM access.live_session WHERE \(condition)"))
            }
            #expect(try await count("acct_session_id = 'with' AND subject_kind = 'voucher'") == 1)
            #expect(try await count("acct_session_id = 'without' AND subject_kind IS NULL") == 1)
            let text = String(decoding: identity.value, as: UTF8.self)
            #expect(try await count("live_session::text LIKE '%\(text)%'") == 0)
            try await eventually {
                try await deployment.ground.count("SELECT count(*) FROM access.auth_event") > 0
            }
            #expect(
                try await deployment.ground.count(
                    SQL(unescaped: "SELECT count(*) FROM access.auth_event WHERE auth_event::text LIKE '%\(text)%'"))
                    == 0)
        }
    }
}
