import EAP
import Foundation
import OpenSSL
import RADIUS
import Testing

@testable import socle

/// A RADIUS server in this process that knows one user.
final class ServerTwin: RehearsalTransport {
    static let user = "anne@college-x.fr"
    static let password = "correct horse"

    let secret: SharedSecret
    var conversation: EAPConversation?
    /// What the access point is given; nil: what the method made.
    var keys: MPPEKeyPair?
    var answersStatus = true
    /// Answers instead of the server's own.
    var answer: RehearsalAnswer?
    private(set) var requests: [Packet] = []

    init(_ secret: SharedSecret) { self.secret = secret }

    func exchange(_ request: SignedRequest) -> RehearsalAnswer {
        if let answer { return answer }
        do {
            return try request.bytes.withUnsafeBytes { octets in
                let view = try PacketView(octets)
                requests.append(Packet(view))
                switch view.code {
                case .statusServer: return answersStatus ? try reply(.accessAccept, view, request) : .silence
                case .accountingRequest: return try reply(.accountingResponse, view, request)
                default: return try logIn(view, request)
                }
            }
        } catch {
            Issue.record("the server failed: \(error)")
            return .silence
        }
    }

    private func logIn(_ view: PacketView, _ request: SignedRequest) throws -> RehearsalAnswer {
        if let message = try view.eapMessage() { return try converse(message, view, request) }
        var isRight = false
        if let chap = try CHAPResponse(view) {
            isRight = chap.matches(password: Array(Self.password.utf8))
        } else if let hidden = view.first(.userPassword) {
            var octets = [UInt8](repeating: 0, count: PacketLimits.maximumPasswordLength)
            let length = try octets.withUnsafeMutableBytes {
                try secret.reveal(hidden.value, authenticator: view.authenticator, into: $0)
            }
            let revealed = Array(octets[..<length])
            isRight = revealed == Array(Self.password.utf8) || revealed == view.first(.userName)?.octets
        }
        guard isRight else {
            return try reply(.accessReject, view, request) { $0.append(.replyMessage, text: "wrong-password") }
        }
        return try reply(.accessAccept, view, request) {
            $0.append(.sessionTimeout, uint32: 3_600)
            $0.append(.classValue, [1, 2, 3])
        }
    }

    private func converse(_ message: [UInt8], _ view: PacketView, _ request: SignedRequest) throws -> RehearsalAnswer {
        guard let conversation else { return .silence }
        var action = try conversation.receive(message)
        while let verdict = try Self.judge(action) { action = try conversation.answer(verdict) }
        switch action {
        case .send(let next):
            return try reply(.accessChallenge, view, request) {
                $0.append(eapMessage: next)
                $0.append(.state, [9, 9])
            }
        case .finished(.success(let success, let packet)):
            let made = keys ?? MPPEKeyPair(masterSessionKey: success.msk)
            return try reply(.accessAccept, view, request) {
                $0.append(eapMessage: packet)
                if let made { $0.append(made, secret: secret) }
            }
        case .finished(.failure(_, let packet)):
            return try reply(.accessReject, view, request) { $0.append(eapMessage: packet) }
        case .verify, .resumed: return .silence
        }
    }

    /// Nil: nothing was asked.
    private static func judge(_ action: EAPAction) throws -> EAPVerdict? {
        switch action {
        case .verify(let credential): try judge(credential)
        case .resumed(let resumption): .accept(cachedAuthorization: resumption.cachedAuthorization)
        case .send, .finished: nil
        }
    }

    private static func judge(_ credential: InnerCredential) throws -> EAPVerdict {
        switch credential {
        case .pap(let user, let password):
            user == Self.user && password == Array(Self.password.utf8) ? .accept(cachedAuthorization: [1]) : .reject
        case .chap: .reject
        case .mschapv2: .ntHash(try NTHash(password: Self.password), cachedAuthorization: [1])
        case .certificate: .accept(cachedAuthorization: nil)
        }
    }

    private func reply(
        _ code: PacketCode, _ view: PacketView, _ request: SignedRequest,
        _ body: (inout PacketWriter) -> Void = { _ in }
    ) throws -> RehearsalAnswer {
        var octets = [UInt8](repeating: 0, count: PacketLimits.maximumLength)
        let length = try octets.withUnsafeMutableBytes { buffer in
            var writer = PacketWriter(buffer, replying: code, to: view)
            body(&writer)
            return try writer.finish(secret: secret)
        }
        let datagram = Array(octets[..<length])
        let packet = try secret.reply(in: datagram, to: request.sent)
        return .reply(packet, octets: datagram, milliseconds: 1, tries: 1)
    }
}
