import Foundation
import OpenSSL

@testable import EAP

/// An authority, a server and the accounts it knows; and the peers that log in.
struct EAPWorld: Sendable {
    static let serverName = "radius.example.fr"
    static let user = "anne@college-x.fr"
    static let password = "correct horse é"
    static let shared = Result { try EAPWorld() }

    let authority: CertificateAuthority
    let serverKey: PrivateKey
    let clientKey: PrivateKey
    let serverCertificate: Certificate
    let clientCertificate: Certificate

    init(kind: PrivateKey.Kind = .p256) throws {
        // TLS checks certificates against the clock of the machine.
        let now = Int64(Date().timeIntervalSince1970)
        let valid = CertificateValidity(notBefore: now - 3600, notAfter: now + 86_400)
        authority = try CertificateAuthority.create(name: "Test authority", validity: valid)
        serverKey = try .generate(kind)
        clientKey = try .generate()
        serverCertificate = try authority.issue(.server(name: Self.serverName, validity: valid), for: serverKey)
        clientCertificate = try authority.issue(.client(identity: Self.user, validity: valid), for: clientKey)
    }

    func serverTLS(_ version: TLSVersion? = nil) throws -> TLSSettings {
        var tls = TLSSettings(role: .server)
        tls.certificateChain = try serverCertificate.pem
        tls.privateKey = try serverKey.pem()
        tls.trustAnchors = try authority.certificate.pem
        tls.resumption = TLSTicketKeys(current: [UInt8](repeating: 7, count: 80), lifetimeSeconds: 3600)
        if let version { tls.versions = version...version }
        return tls
    }

    func server(
        _ methods: [EAPServerMethod] = EAPServerMethod.allCases, _ version: TLSVersion? = nil
    ) throws -> EAPServerSettings {
        try EAPServerSettings(tls: serverTLS(version), methods: methods)
    }

    func peer(
        _ method: EAPPeerMethod, _ version: TLSVersion? = nil, password: String = Self.password,
        tls context: TLSContext? = nil, change: (inout TLSSettings) throws -> Void = { _ in }
    ) throws -> EAPPeerSettings {
        let context = if let context { context } else { try clientContext(method, version, change) }
        return EAPPeerSettings(
            method: method, outerIdentity: "anonymous@college-x.fr", user: Self.user, password: password, tls: context)
    }

    private func clientContext(
        _ method: EAPPeerMethod, _ version: TLSVersion?, _ change: (inout TLSSettings) throws -> Void
    ) throws -> TLSContext {
        var tls = TLSSettings(role: .client)
        tls.trustAnchors = try authority.certificate.pem
        tls.verifyName = Self.serverName
        tls.middleboxCompatibility = false
        if let version { tls.versions = version...version }
        if method == .tls {
            tls.certificateChain = try clientCertificate.pem
            tls.privateKey = try clientKey.pem()
        }
        try change(&tls)
        return try TLSContext(tls)
    }
}

/// One login from the first packet to the last.
struct Login {
    /// What the caller of a conversation decides.
    typealias Judge = (EAPAction) throws -> EAPVerdict

    var outcome: EAPOutcome?
    var peerSuccess: EAPPeerSuccess?
    var peerFailure: EAPFailureReason?
    var asked: [String] = []
    var rounds = 0
    var longestRequest = 0
    var longestResponse = 0

    init(
        _ server: EAPServerSettings, _ peer: EAPPeerSettings, packetSize: Int = EAPLimits.defaultFragmentSize,
        judge: Judge = Login.accounts
    ) throws {
        let conversation = EAPConversation(server, packetSize: packetSize)
        try self.init(conversation, EAPPeer(peer, packetSize: packetSize), judge: judge)
    }

    init(_ conversation: EAPConversation, _ peer: EAPPeer, judge: Judge = Login.accounts) throws {
        var response = peer.identityResponse(identifier: 200)
        while outcome == nil {
            longestResponse = max(longestResponse, response.count)
            var action = try conversation.receive(response)
            while let verdict = try verdict(action, judge) { action = try conversation.answer(verdict) }
            switch action {
            case .send(let request):
                longestRequest = max(longestRequest, request.count)
                guard case .send(let next) = try peer.receive(request) else { return }
                response = next
            case .finished(let outcome):
                self.outcome = outcome
                try conclude(peer)
            case .verify, .resumed: return
            }
        }
        rounds = conversation.rounds
    }

    private mutating func conclude(_ peer: EAPPeer) throws {
        let packet =
            switch outcome {
            case .success(_, let packet), .failure(_, let packet): packet
            case nil: [UInt8]()
            }
        switch try peer.receive(packet) {
        case .success(let success): peerSuccess = success
        case .failure(let reason): peerFailure = reason
        case .send: break
        }
    }

    private mutating func verdict(_ action: EAPAction, _ judge: Judge) throws -> EAPVerdict? {
        switch action {
        case .verify(let credential): asked.append(credential.description)
        case .resumed: asked.append("resumed")
        case .send, .finished: return nil
        }
        return try judge(action)
    }

    var success: EAPSuccess? {
        guard case .success(let success, _) = outcome else { return nil }
        return success
    }

    var failure: EAPFailureReason? {
        guard case .failure(let reason, _) = outcome else { return nil }
        return reason
    }

    static let authorization = Array("staff".utf8)

    /// Knows one account, checks what there is to check, and lets resumed sessions stand.
    static func accounts(_ action: EAPAction) throws -> EAPVerdict {
        let accept = EAPVerdict.accept(cachedAuthorization: authorization)
        switch action {
        case .verify(.pap(EAPWorld.user, let password)):
            return password == Array(EAPWorld.password.utf8) ? accept : .reject
        case .verify(.chap(EAPWorld.user, let identifier, let challenge, let response)):
            let expected = Digest.md5([identifier] + Array(EAPWorld.password.utf8) + challenge)
            return response == expected ? accept : .reject
        case .verify(.mschapv2(let exchange)) where exchange.user == EAPWorld.user:
            return .ntHash(try NTHash(password: EAPWorld.password), cachedAuthorization: authorization)
        case .verify(.certificate(let chain, _)): return chain.first?.commonName == EAPWorld.user ? accept : .reject
        case .resumed(let resumption): return resumption.cachedAuthorization == authorization ? accept : .reject
        case .verify, .send, .finished: return .reject
        }
    }
}
