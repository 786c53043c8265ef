import RADIUS
import Store
import Territory
import Testing

@Suite struct VoucherLoginTests {
    @Test func `accepts a voucher by PAP, Message-Authenticator first, with Class and the rights of the site`()
        async throws
    {
        try await Deployment.with { deployment in
            let voucher = try await deployment.ground.voucher()
            let gateway = try Gateway(deployment.authenticationPort)
            let reply = try #require(try await gateway.login(voucher.code.display, voucher.code.canonical))
            #expect(reply.code == .accessAccept)
            #expect(reply.attributes.first?.type == .messageAuthenticator)
            let timeout = try #require(reply.first(.sessionTimeout)?.uint32)
            #expect((3500...3600).contains(timeout))
            let subject = deployment.ground.keys.classes.subject(of: reply.first(.classValue)?.value ?? [])
            #expect(subject == .voucher(voucher.id))
        }
    }

    @Test func `rejects a wrong code with its reason by name`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            let code = VoucherCode.random().canonical
            let reply = try #require(try await gateway.login(code, code))
            #expect(reply.code == .accessReject)
            #expect(reply.attributes.first?.type == .messageAuthenticator)
            #expect(reply.first(.replyMessage)?.text == RefusalReason.unknownUser.rawValue)
        }
    }
}
