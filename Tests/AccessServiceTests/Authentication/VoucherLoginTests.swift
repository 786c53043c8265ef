import Foundation
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

    /// What may be wrong with a voucher whose code is right.
    enum Fault: CaseIterable, Sendable {
        case expired, early, revoked, ofAnotherSite, ofAnotherCommune, usedUp

        var reason: RefusalReason {
            switch self {
            case .expired: .expired
            case .early: .notYetValid
            case .revoked: .revoked
            case .ofAnotherSite, .ofAnotherCommune: .wrongSite
            case .usedUp: .dailyVolumeUsed
            }
        }
    }

    private func voucher(_ fault: Fault, _ ground: Ground) async throws -> CreatedVoucher {
        var request = NewVoucher(
            organisation: ground.organisation, validFrom: Date(timeIntervalSinceNow: -600),
            validUntil: Date(timeIntervalSinceNow: 600))
        switch fault {
        case .expired: request.validUntil = Date(timeIntervalSinceNow: -60)
        case .early: request.validFrom = Date(timeIntervalSinceNow: 60)
        case .ofAnotherSite:
            request.site = try await Sites(ground.owner, keys: ground.keys).clone(
                ground.site, for: ground.organisation, name: "Annexe", slug: Slug(rawValue: "annexe")
            ).site.id
        case .ofAnotherCommune:
            request.organisation = try await Organisations(ground.owner).ensure(
                kind: .commune, name: "Mont-sous-Trou", codeINSEE: "55002"
            ).id
        case .revoked, .usedUp: break
        }
        let vouchers = Vouchers(ground.owner, keys: ground.keys)
        let made = try await vouchers.create(request)
        if fault == .revoked { _ = try await vouchers.revoke([made.id], of: ground.organisation, at: Date()) }
        return made
    }

    /// The reasons of a login by PAP and of one by CHAP.
    private func reasons(_ gateway: Gateway, _ name: String, _ password: String) async throws -> [String?] {
        let secret = try SharedSecret(gateway.secretOctets)
        let chap = CHAPResponse(
            identifier: 1, password: Array(password.utf8), challenge: Array(repeating: 7, count: 16))
        let replies = [
            try await gateway.login(name, password),
            try await gateway.exchange(
                try secret.accessRequest(identifier: .random(in: 0...255), userName: name, chap: chap)),
        ]
        #expect(replies.allSatisfy { $0?.code == .accessReject })
        return replies.map { $0?.first(.replyMessage)?.text }
    }

    @Test(arguments: Fault.allCases)
    func `says why a voucher does not let in, and only to those who know its code`(fault: Fault) async throws {
        try await Deployment.with(adjust: { $0["daily_octets"] = 1_000_000 }) { deployment in
            let code = try await voucher(fault, deployment.ground).code
            let gateway = try Gateway(deployment.authenticationPort)
            if fault == .usedUp {
                let accounting = try Gateway(deployment.accountingPort)
                let stop = try await accounting.account(
                    .stop, "s1", name: code.canonical, seconds: 60, input: 400_000, output: 600_000)
                #expect(stop != nil)
            }
            for typed in [code.canonical, code.display, code.display.lowercased()] {
                let told = try await reasons(gateway, typed, typed)
                #expect(told == [fault.reason.rawValue, fault.reason.rawValue], "\(typed.count)")
            }
            let guessed = try await reasons(gateway, code.canonical, VoucherCode.random().canonical)
            #expect(guessed == [RefusalReason.wrongPassword.rawValue, RefusalReason.wrongPassword.rawValue])
        }
    }

    @Test func `a code that no voucher has is refused like a voucher's with a wrong password`() async throws {
        try await Deployment.with { deployment in
            let gateway = try Gateway(deployment.authenticationPort)
            for code in [VoucherCode.random(), VoucherCode.random()] {
                for password in [code.canonical, code.display, "guess"] {
                    let told = try await reasons(gateway, code.display, password)
                    #expect(told == [RefusalReason.wrongPassword.rawValue, RefusalReason.wrongPassword.rawValue])
                }
            }
            let reply = try #require(try await gateway.login("22222-22222", "22222-22222"))
            #expect(reply.attributes.first?.type == .messageAuthenticator)
            // A name that is no code's is told from a wrong password: somebody may have mistyped it.
            let unknown = try await gateway.login("personne", "22222-22222")
            #expect(unknown?.first(.replyMessage)?.text == RefusalReason.unknownUser.rawValue)
        }
    }
}
