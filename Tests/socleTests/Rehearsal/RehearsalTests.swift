import EAP
import Foundation
import OpenSSL
import RADIUS
import Testing

@testable import socle

@Suite struct RehearsalTests {
    private static let secret = Array("correct-horse-battery".utf8)
    private static let serverName = "radius.example.fr"

    /// An authority and what it vouched for.
    struct World {
        let authority: CertificateAuthority
        let key = Result { try PrivateKey.generate(.p256) }
        let valid: CertificateValidity

        init() throws {
            let now = Int64(Date().timeIntervalSince1970)
            valid = CertificateValidity(notBefore: now - 3_600, notAfter: now + 86_400)
            authority = try CertificateAuthority.create(name: "Test authority", validity: valid)
        }

        func conversation() throws -> EAPConversation { EAPConversation(try settings()) }

        /// Sessions are resumed where `tickets` says for how long and with what.
        func settings(tickets: TLSTicketKeys? = nil) throws -> EAPServerSettings {
            let key = try key.get()
            var tls = TLSSettings(role: .server)
            tls.certificateChain = try authority.issue(.server(name: serverName, validity: valid), for: key).pem
            tls.privateKey = try key.pem()
            tls.trustAnchors = try authority.certificate.pem
            tls.resumption = tickets
            return try EAPServerSettings(tls: tls)
        }

        func client(name: String = serverName, trusting other: CertificateAuthority? = nil) throws -> TLSContext {
            let key = try PrivateKey.generate(.p256)
            var tls = TLSSettings(role: .client)
            tls.trustAnchors = try (other ?? authority).certificate.pem
            tls.verifyName = name
            tls.certificateChain = try authority.issue(.client(identity: ServerTwin.user, validity: valid), for: key)
                .pem
            tls.privateKey = try key.pem()
            tls.middleboxCompatibility = false
            return try TLSContext(tls)
        }
    }

    private func plan(_ method: RehearsalMethod, password: String = ServerTwin.password) -> RehearsalPlan {
        var plan = RehearsalPlan(method: method, user: ServerTwin.user)
        plan.password = Array(password.utf8)
        return plan
    }

    private func rehearse(
        _ plan: RehearsalPlan, _ twin: ServerTwin, accounting: Bool = false
    ) throws -> (outcome: RehearsalOutcome, told: String) {
        var lines: [String] = []
        let rehearsal = Rehearsal(
            plan, secret: twin.secret, authentication: twin, accounting: accounting ? twin : nil,
            dictionary: try AttributeDictionary(
                directory: ConfigurationTests.packageRoot.appending(path: "config/dictionaries").path),
            say: { lines.append($0) })
        return (try rehearsal.run(), lines.joined(separator: "\n"))
    }

    @Test(arguments: [RehearsalMethod.pap, .chap, .mac])
    func `tells an accept with its attributes by name`(method: RehearsalMethod) throws {
        let twin = ServerTwin(try SharedSecret(Self.secret))
        var plan = plan(method)
        if method == .mac { plan.user = "02005e005301" }
        let (outcome, told) = try rehearse(plan, twin)
        #expect(outcome == .accepted)
        #expect(told.contains("Status-Server: the server is there and holds this secret"))
        #expect(told.contains("\(method.rawValue): ACCEPTED"))
        #expect(told.contains("Session-Timeout = 3600"))
        #expect(!told.contains(ServerTwin.password))
    }

    @Test(arguments: [RehearsalMethod.pap, .chap])
    func `tells a reject with the server's words`(method: RehearsalMethod) throws {
        let twin = ServerTwin(try SharedSecret(Self.secret))
        let (outcome, told) = try rehearse(plan(method, password: "wrong"), twin)
        #expect(outcome == .rejected)
        #expect(told.contains("REJECTED"))
        #expect(told.contains("wrong-password"))
    }

    @Test func `reports a session after an accept, with the Class that came`() throws {
        let twin = ServerTwin(try SharedSecret(Self.secret))
        let (outcome, told) = try rehearse(plan(.pap), twin, accounting: true)
        #expect(outcome == .accepted)
        #expect(told.contains("accounting Start: stored") && told.contains("accounting Stop: stored"))
        let records = twin.requests.filter { $0.code == .accountingRequest }
        #expect(records.map { $0.first(.acctStatusType)?.value.last } == [1, 3, 2])
        #expect(records.allSatisfy { $0.first(.classValue)?.value == [1, 2, 3] })
        #expect(Set(records.map { $0.first(.acctSessionID)?.value }).count == 1)
    }

    @Test func `goes on when Status-Server is not known`() throws {
        let twin = ServerTwin(try SharedSecret(Self.secret))
        twin.answersStatus = false
        #expect(try rehearse(plan(.pap), twin).outcome == .accepted)
    }

    @Test func `says that the secrets differ, that nobody listens, and that nothing came`() throws {
        let twin = ServerTwin(try SharedSecret(Self.secret))
        for (answer, words) in [
            (RehearsalAnswer.unbelievable(RADIUSError(.messageAuthenticatorInvalid)), "the secrets differ"),
            (.refused, "NOBODY LISTENS"), (.silence, "NO ANSWER"),
        ] {
            twin.answer = answer
            let (outcome, told) = try rehearse(plan(.pap), twin)
            #expect(outcome == .unanswered)
            #expect(told.contains(words))
        }
    }

    @Test(arguments: RehearsalMethod.allCases.filter { $0.eap != nil && $0 != .ttlsCHAP })
    func `logs in by each EAP method and compares the keys`(method: RehearsalMethod) throws {
        let world = try World()
        let twin = ServerTwin(try SharedSecret(Self.secret))
        twin.conversation = try world.conversation()
        var plan = plan(method)
        (plan.tls, plan.outerIdentity) = (try world.client(), "anonymous@college-x.fr")
        let (outcome, told) = try rehearse(plan, twin)
        #expect(outcome == .accepted, "\(told)")
        #expect(told.contains("TLS 1.3"))
        #expect(told.contains("for the names \(Self.serverName)"))
        #expect(told.contains("the keys of device and access point agree"))
        #expect(!told.contains(ServerTwin.user) && !told.contains(ServerTwin.password))
        #expect(twin.requests.allSatisfy { $0.first(.userName)?.text != ServerTwin.user })
    }

    @Test func `a wrong password inside the tunnel is a reject`() throws {
        let world = try World()
        for method in [RehearsalMethod.ttlsPAP, .peapMSCHAPv2] {
            let twin = ServerTwin(try SharedSecret(Self.secret))
            twin.conversation = try world.conversation()
            var plan = plan(method, password: "wrong")
            plan.tls = try world.client()
            #expect(try rehearse(plan, twin).outcome == .rejected)
        }
    }

    @Test func `gives up on a certificate of another authority or another name, and says which`() throws {
        let (world, other) = (try World(), try World())
        for (tls, words) in [
            (try world.client(trusting: other.authority), "not of the authority"),
            (try world.client(name: "other.example.fr"), "another name"),
        ] {
            let twin = ServerTwin(try SharedSecret(Self.secret))
            twin.conversation = try world.conversation()
            var plan = plan(.ttlsPAP)
            plan.tls = tls
            let (outcome, told) = try rehearse(plan, twin)
            #expect(outcome == .rejected)
            #expect(told.contains(words), "\(told)")
        }
    }

    @Test func `keys of another conversation are not believed`() throws {
        let world = try World()
        let twin = ServerTwin(try SharedSecret(Self.secret))
        twin.conversation = try world.conversation()
        twin.keys = MPPEKeyPair(masterSessionKey: [UInt8](repeating: 1, count: 64))
        var plan = plan(.ttlsPAP)
        plan.tls = try world.client()
        let (outcome, told) = try rehearse(plan, twin)
        #expect(outcome == .unanswered)
        #expect(told.contains("DIFFER"))
    }
}
