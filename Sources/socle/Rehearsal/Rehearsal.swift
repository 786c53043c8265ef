import EAP
import Foundation
import OpenSSL
import RADIUS

/// A login rehearsed from the gateway's place, told step by step in words for who stands beside the access point.
///
/// It knows no sockets: transports carry the packets, `say` takes the lines.
final class Rehearsal {
    let plan: RehearsalPlan
    let secret: SharedSecret
    let authentication: any RehearsalTransport
    private let accounting: (any RehearsalTransport)?
    private let dictionary: AttributeDictionary
    let say: (String) -> Void
    private var identifier = UInt8.random(in: 0...255)

    /// `accounting` nil: no session is reported after an accept.
    init(
        _ plan: RehearsalPlan, secret: SharedSecret, authentication: any RehearsalTransport,
        accounting: (any RehearsalTransport)?, dictionary: AttributeDictionary, say: @escaping (String) -> Void
    ) {
        (self.plan, self.secret, self.authentication) = (plan, secret, authentication)
        (self.accounting, self.dictionary, self.say) = (accounting, dictionary, say)
    }

    /// Probes, logs in, and reports a short session if it is to.
    func run() throws -> RehearsalOutcome {
        if let outcome = try probe() { return outcome }
        let (outcome, reply) = plan.method.eap == nil ? try logIn() : try logInByEAP()
        guard outcome == .accepted, let reply, let accounting else { return outcome }
        return try account(for: reply, by: accounting)
    }

    func nextIdentifier() -> UInt8 {
        identifier &+= 1
        return identifier
    }

    // MARK: Steps

    /// Nil: go on.
    private func probe() throws -> RehearsalOutcome? {
        let request = try secret.statusServer(
            identifier: nextIdentifier(), attributes: [Attribute(.nasIdentifier, text: plan.nasIdentifier)])
        switch authentication.exchange(request) {
        case .reply(_, _, let took, let tries):
            say("Status-Server: the server is there and holds this secret (\(Self.time(took, tries)))")
            return nil
        case .silence:
            say("Status-Server: no answer. Some servers do not know it; going on.")
            return nil
        case let other: return disappointed(by: other, "Status-Server")
        }
    }

    private func logIn() throws -> (RehearsalOutcome, Packet?) {
        let others = Array(plan.attributes(as: plan.user).dropFirst())
        let request =
            switch plan.method {
            case .chap:
                try secret.accessRequest(
                    identifier: nextIdentifier(), userName: plan.user,
                    chap: CHAPResponse(
                        identifier: .random(in: 0...255), password: plan.password, challenge: SecureRandom.bytes(16)),
                    attributes: others)
            case .mac:
                try secret.accessRequest(
                    identifier: nextIdentifier(), userName: plan.user, password: Array(plan.user.utf8),
                    attributes: others)
            case .pap, .ttlsPAP, .ttlsCHAP, .ttlsMSCHAPv2, .ttlsEAPMSCHAPv2, .ttlsGTC, .peapMSCHAPv2, .peapGTC, .tls:
                try secret.accessRequest(
                    identifier: nextIdentifier(), userName: plan.user, password: plan.password, attributes: others)
            }
        switch authentication.exchange(request) {
        case .reply(let reply, let octets, let took, let tries):
            return (judge(reply, octets, "\(plan.method.rawValue)", Self.time(took, tries)), reply)
        case let other: return (disappointed(by: other, plan.method.rawValue), nil)
        }
    }

    private func account(for reply: Packet, by transport: any RehearsalTransport) throws -> RehearsalOutcome {
        let session = "socle-test-" + SecureRandom.bytes(6).map { String(format: "%02x", $0) }.joined()
        for (status, name, seconds) in [
            (AccountingStatus.start, "Start", UInt32(0)), (.interim, "Interim-Update", 60), (.stop, "Stop", 120),
        ] {
            var attributes = plan.attributes(as: reply.first(.userName)?.text ?? plan.user)
            attributes += [
                Attribute(.acctStatusType, uint32: status.rawValue), Attribute(.acctSessionID, text: session),
                Attribute(.acctSessionTime, uint32: seconds), Attribute(.acctInputOctets, uint32: seconds * 1000),
                Attribute(.acctOutputOctets, uint32: seconds * 10_000),
            ]
            attributes += reply.all(.classValue)
            if status == .stop { attributes.append(Attribute(.acctTerminateCause, uint32: 1)) }
            let request = try secret.accountingRequest(identifier: nextIdentifier(), attributes: attributes)
            switch transport.exchange(request) {
            case .reply(_, _, let took, let tries): say("accounting \(name): stored (\(Self.time(took, tries)))")
            case let other: return disappointed(by: other, "accounting \(name)")
            }
        }
        return .accepted
    }

    // MARK: Words

    /// Tells a reply and its attributes.
    func judge(_ reply: Packet, _ octets: [UInt8], _ step: String, _ time: String) -> RehearsalOutcome {
        let outcome: RehearsalOutcome
        switch reply.code {
        case .accessAccept: outcome = .accepted
        case .accessReject: outcome = .rejected
        default:
            say("\(step): the server answers with \(reply.code), which means nothing here (\(time))")
            return .unanswered
        }
        say("\(step): \(outcome == .accepted ? "ACCEPTED" : "REJECTED") (\(time))")
        if !reply.attributes.contains(where: { $0.type == .messageAuthenticator }) {
            say("  warning: the reply has no Message-Authenticator: it could be forged (CVE-2024-3596)")
        }
        for line in lines(octets) { say("  " + line) }
        return outcome
    }

    /// The attributes that tell a person something.
    private func lines(_ octets: [UInt8]) -> [String] {
        let all = (try? octets.withPacketView { view in dictionary.describe(view) }) ?? []
        let wrapping = ["EAP-Message", "Message-Authenticator", "State", "Attr-79", "Attr-80", "Attr-24"]
        return all.dropFirst().filter { line in !wrapping.contains { line.hasPrefix("\($0) ") } }
    }

    /// Says why there is no answer to believe.
    func disappointed(by answer: RehearsalAnswer, _ step: String) -> RehearsalOutcome {
        switch answer {
        case .reply: break
        case .silence:
            say(
                """
                \(step): NO ANSWER. Is the address right, does a firewall let UDP through, is this machine declared as a \
                gateway there, and with this secret? A server stays silent towards strangers and wrong secrets.
                """)
        case .refused: say("\(step): NOBODY LISTENS on that port; the machine itself answers.")
        case .unbelievable(let error):
            say("\(step): ANSWERED, BUT WRONGLY SIGNED (\(error.code.rawValue)): the secrets differ.")
        }
        return .unanswered
    }

    static func time(_ milliseconds: Double, _ tries: Int) -> String {
        let text = String(format: "%.1f ms", milliseconds)
        return tries == 1 ? text : "\(text), sent \(tries) times"
    }
}
