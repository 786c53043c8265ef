import EAP
import Foundation
import OpenSSL
import RADIUS

extension Rehearsal {
    /// What a link of WiFi carries, as access points say it.
    private static let framedMTU = 1_400

    /// Logs in by EAP: as many rounds as the method takes.
    func logInByEAP() throws -> (RehearsalOutcome, Packet?) {
        guard let method = plan.method.eap, let tls = plan.tls else { return (.unanswered, nil) }
        let outer = plan.outerIdentity ?? plan.user
        let settings = EAPPeerSettings(
            method: method, outerIdentity: outer, user: plan.user,
            password: String(decoding: plan.password, as: UTF8.self), tls: tls)
        let peer = EAPPeer(settings, packetSize: EAPLimits.fragmentSize(framedMTU: Self.framedMTU))
        var response = peer.identityResponse()
        var state: [Attribute] = []
        if plan.outerIdentity != nil { say("outside the tunnel the user is called \(outer)") }
        for round in 1...EAPLimits.maximumRounds {
            let attributes =
                plan.attributes(as: outer) + [Attribute(.framedMTU, uint32: UInt32(Self.framedMTU))]
                + Attribute.eapMessage(response) + state
            let request = try secret.accessRequest(identifier: nextIdentifier(), attributes: attributes)
            let answer = authentication.exchange(request)
            guard case .reply(let reply, let octets, let took, let tries) = answer else {
                return (disappointed(by: answer, "round \(round)"), nil)
            }
            let message = reply.all(.eapMessage).flatMap(\.value)
            let time = Self.time(took, tries)
            guard reply.code == .accessChallenge else {
                return (conclude(peer, reply, octets, message, request, round, time), reply)
            }
            say("round \(round): \(Self.name(of: message)), \(message.count) octets (\(time))")
            switch step(peer, message) {
            case .send(let next)?: (response, state) = (next, reply.all(.state))
            case .success?, nil: return (.unanswered, nil)
            case .failure(let reason)?:
                say("GIVEN UP: \(Self.words(for: reason))")
                return (.rejected, nil)
            }
        }
        say("GIVEN UP after \(EAPLimits.maximumRounds) rounds")
        return (.rejected, nil)
    }

    private func step(_ peer: EAPPeer, _ message: [UInt8]) -> EAPPeerAction? {
        do {
            return try peer.receive(message)
        } catch {
            say("NOT BELIEVED: the server sent an EAP packet that a device throws away: \(error.code.rawValue)")
            return nil
        }
    }

    /// An Access-Accept or Access-Reject ends it.
    private func conclude(
        _ peer: EAPPeer, _ reply: Packet, _ octets: [UInt8], _ message: [UInt8], _ request: SignedRequest,
        _ round: Int, _ time: String
    ) -> RehearsalOutcome {
        let outcome = judge(reply, octets, "round \(round)", time)
        guard outcome != .unanswered else { return outcome }
        let action = message.isEmpty ? nil : try? peer.receive(message)
        switch (outcome, action) {
        case (.accepted, .success(let success)?):
            describe(success)
            return agrees(success, octets, request) ? .accepted : .unanswered
        case (.accepted, _):
            say("NOT BELIEVED: a device refuses this accept, for the method was not finished")
            return .unanswered
        case (.rejected, .failure(let reason)?): say("  \(Self.words(for: reason))")
        case (.rejected, _), (.unanswered, _): break
        }
        return outcome
    }

    private func describe(_ success: EAPPeerSuccess) {
        say(
            "  TLS \(success.tlsVersion == .tls13 ? "1.3" : "1.2")\(success.isResumed ? ", an earlier session resumed" : "")"
        )
        for (index, certificate) in success.serverCertificates.enumerated() {
            let end = Date(timeIntervalSince1970: Double(certificate.validity.notAfter)).formatted(.iso8601)
            say("  \(index == 0 ? "server" : "issuer") certificate: \(certificate.subject), until \(end)")
            let names = certificate.alternativeNames.compactMap { name in
                if case .dns(let host) = name { host } else { nil }
            }
            if index == 0, !names.isEmpty { say("    for the names \(names.joined(separator: ", "))") }
        }
        if !plan.checksServer { say("  warning: the server's certificate was not checked (no --ca)") }
    }

    /// Whether the access point gets the keys that the device has: with others nothing passes over the air.
    private func agrees(_ success: EAPPeerSuccess, _ octets: [UInt8], _ request: SignedRequest) -> Bool {
        let secret = secret
        let sent = try? octets.withPacketView { view throws(RADIUSError) in
            try MPPEKeyPair(view, secret: secret, authenticator: request.sent.authenticator)
        }
        guard let keys = sent ?? nil else {
            say("  NO KEYS in the accept: WPA-Enterprise cannot work")
            return false
        }
        let isEqual = keys == MPPEKeyPair(masterSessionKey: success.msk)
        say(isEqual ? "  the keys of device and access point agree" : "  THE KEYS of device and access point DIFFER")
        return isEqual
    }

    private static func name(of message: [UInt8]) -> String {
        guard message.count > 4 else { return "challenge without a method" }
        return switch message[4] {
        case 1: "Identity is asked for"
        case 4: "EAP-MD5 is offered"
        case 13: "EAP-TLS"
        case 21: "EAP-TTLS"
        case 25: "PEAP"
        case 26: "EAP-MSCHAPv2 is offered"
        default: "EAP method \(message[4])"
        }
    }

    static func words(for reason: EAPFailureReason) -> String {
        switch reason {
        case .noCommonMethod: "the server does not offer this method"
        case .noCommonInnerMethod: "the server does not offer this method inside the tunnel"
        case .refused: "the server said no: user, password or right"
        case .passwordWrong: "the password is wrong"
        case .refusedByPeer: "the proof of the server was wrong: it does not know the password either"
        case .tls(.certificateUntrusted): "the server's certificate is not of the authority given with --ca"
        case .tls(.certificateNameMismatch): "the server's certificate has another name than --server-name"
        case .tls(.certificateExpired): "a certificate of the server has expired"
        case .tls(.alertReceived):
            "the server broke TLS off: it does not accept our certificate, or has no version in common"
        case .tls(let code): "TLS failed: \(code.rawValue)"
        case .malformed(let code): "what came inside the tunnel cannot be read: \(code.rawValue)"
        case .tooManyRounds: "it took too many rounds"
        }
    }
}
