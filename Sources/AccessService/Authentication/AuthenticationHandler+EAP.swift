internal import EAP
internal import OpenSSL
internal import RADIUS
internal import Store
internal import Territory

/// EAP on a packet thread: what comes is handed to the threads that carry conversations, what those ask about is judged
/// like any login, and what they admit is answered here (RFC 3579).
extension AuthenticationHandler {
    /// Hands a request on.
    func converse(_ request: Request, on thread: PacketThread) {
        let packet = request.packet
        // RFC 3579 §3.2: without it, silently discarded. RADIUS/1.1 has none, TLS vouches for it.
        guard packet.has(.messageAuthenticator) || packet.version == .radius11 else {
            return thread.drop(request, .missingMessageAuthenticator)
        }
        guard let pool = environment.eap else {
            let attempt = Attempt(name: nil, site: 0, password: nil, hasCHAP: false, hasEAP: true)
            return refuse(request, .unsupportedMethod, attempt, on: thread)
        }
        guard let message = try? packet.eapMessage(), !packet.has(.userPassword), !packet.has(.chapPassword) else {
            return thread.drop(request, .malformed)
        }
        let work = EAPJob.Work.packet(
            message, state: packet.first(.state)?.octets,
            framedMTU: packet.first(.framedMTU)?.uint32.map { Int($0) })
        pool.submit(EAPJob(request: thread.deferRequest(request), thread: self.thread, work: work))
    }

    /// Judges a proof that is not a password in clear.
    func check(_ inner: InnerLogin, _ known: LoginEntry.Known) -> Check {
        switch inner.proof {
        case .password: return .malformed
        case .chap(let identifier, let challenge, let response):
            guard let response = Authenticator(response) else { return .malformed }
            let chap = CHAPResponse(identifier: identifier, response: response, challenge: challenge)
            let passwords = Self.passwords(inner, known.credential)
            if passwords.isEmpty { return .unsupported }
            return passwords.contains { chap.matches(password: $0) } ? .right : .wrong
        case .mschapv2(let exchange):
            let hashes = Self.hashes(inner, known.credential)
            if hashes.isEmpty { return .unsupported }
            return Self.proving(exchange, hashes) == nil ? .wrong : .right
        case .certificate: return known.source.kind == .account ? .right : .unsupported
        case .resumed(let cached, let certificate):
            guard let tag = tag(cached.kind, known), constantTimeEqual(tag, cached.tag) else { return .wrong }
            guard cached.kind == .certificate else { return .right }
            return certificate?.subscriberName.map { Array($0.utf8) } == cached.name ? .right : .wrong
        }
    }

    /// Lets the conversation go on to its Accept, which is made here already: what was decided is what is answered.
    func authorize(
        _ request: Request, _ inner: InnerLogin, _ known: LoginEntry.Known, _ allowance: Allowance, _ kind: TallyKind,
        on thread: PacketThread
    ) {
        var attributes: [UInt8] = []
        request.gateway.gateway.template?.append(allowance, to: &attributes, memory: request.gateway.replies)
        inner.authorization = InnerLogin.Authorization(
            attributes: attributes, classValue: known.classValue, allowance: allowance, kind: kind,
            subject: known.source)
        let cached = cachedAuthorization(inner, known)?.octets
        guard case .mschapv2(let exchange) = inner.proof else {
            return answer(request, inner, .accept(cachedAuthorization: cached), on: thread)
        }
        guard let hash = Self.proving(exchange, Self.hashes(inner, known.credential)) else {
            return refuse(request, inner, .wrongPassword, on: thread)
        }
        answer(request, inner, .ntHash(hash, cachedAuthorization: cached), on: thread)
    }

    /// Ends the conversation in a Failure; the reason is counted with the Reject that carries it.
    func refuse(_ request: Request, _ inner: InnerLogin, _ reason: RefusalReason, on thread: PacketThread) {
        inner.refusal = reason.rawValue
        answer(request, inner, .reject, on: thread)
    }

    private func answer(_ request: Request, _ inner: InnerLogin, _ verdict: EAPVerdict, on thread: PacketThread) {
        guard let pool = environment.eap else { return thread.drop(request, .discardedEAP) }
        pool.submit(
            EAPJob(request: thread.deferRequest(request), thread: self.thread, work: .verdict(verdict, inner)))
    }

    /// Accepts: the EAP-Success, the keys for the air, and what the rules allow.
    func admit(_ request: Request, _ admission: EAPAdmission, on thread: PacketThread) {
        guard let authorization = admission.login.authorization, let name = admission.login.name,
            let keys = MPPEKeyPair(masterSessionKey: admission.success.msk)
        else { return thread.drop(request, .discardedEAP) }
        thread.reply(to: request, .accessAccept, counting: authorization.kind) { writer in
            writer.append(eapMessage: admission.packet)
            writer.append(.classValue, authorization.classValue)
            // Where the outer identity is anonymous, the NAS accounts under this name instead (RFC 2865 §5.1).
            if !constantTimeEqual(request.packet.first(.userName)?.octets ?? [], Array(name.bytes)) {
                writer.append(.userName, name.bytes)
            }
            writer.append(encoded: authorization.attributes)
            appendIdentity(of: authorization.classValue, for: request, to: &writer)
            if authorization.allowance.psk != nil {
                request.gateway.gateway.template?.appendSalted(
                    authorization.allowance, to: &writer, secret: request.secret)
            }
            writer.append(keys, secret: request.secret)
        }
        let method = AccessDecision.Method(admission.success.method, admission.login.proof)
        let outcome: AccessDecision.Outcome = authorization.kind == .acceptFromSurvival ? .acceptFromSurvival : .accept
        thread.note(AccessDecision(outcome, method, authorization.subject), request)
    }

    // MARK: Proofs

    /// The passwords of a login that can be read: as it was typed, canonical, or as printed.
    private static func passwords(_ inner: InnerLogin, _ credential: LoginEntry.Credential) -> [[UInt8]] {
        switch credential {
        case .password(let password): [password]
        case .code(let code):
            [inner.name.map { Array($0.bytes) } ?? [], Array(code.canonical.utf8), Array(code.display.utf8)]
        case .hash, .device: []
        }
    }

    private static func hashes(_ inner: InnerLogin, _ credential: LoginEntry.Credential) -> [NTHash] {
        if case .hash(_, let hash) = credential { return hash.map { [$0] } ?? [] }
        return passwords(inner, credential).compactMap { try? NTHash(password: String(decoding: $0, as: UTF8.self)) }
    }

    private static func proving(_ exchange: MSCHAPv2Exchange, _ hashes: [NTHash]) -> NTHash? {
        hashes.first { (try? exchange.isProven(by: $0)) ?? false }
    }

    private func cachedAuthorization(_ inner: InnerLogin, _ known: LoginEntry.Known) -> CachedAuthorization? {
        let kind: CachedAuthorization.Kind
        switch inner.proof {
        case .password, .chap, .mschapv2: kind = .password
        case .certificate: kind = .certificate
        case .resumed(let cached, _): return cached
        }
        guard let tag = tag(kind, known), let name = inner.name else { return nil }
        return CachedAuthorization(kind: kind, tag: tag, name: Array(name.bytes))
    }

    /// A digest of whose login it is and, unless a certificate proves it, of the password.
    private func tag(_ kind: CachedAuthorization.Kind, _ known: LoginEntry.Known) -> [UInt8]? {
        let secret: [UInt8]
        switch known.credential {
        case .password(let password): secret = password
        case .code(let code): secret = Array(code.canonical.utf8)
        case .hash(let octets, _): secret = octets
        case .device: return nil
        }
        resumptionTags.update([kind.rawValue] + Array(known.source.kind.rawValue.utf8))
        withUnsafeBytes(of: known.source.id.bigEndian) { resumptionTags.update($0) }
        if kind == .password { resumptionTags.update(secret) }
        let digest = resumptionTags.finish()
        return digest.isEmpty ? nil : Array(digest.prefix(CachedAuthorization.tagLength))
    }
}

extension AccessDecision.Method {
    /// What the log calls a login inside a tunnel. GTC inside TTLS offers a password as PAP does, and is called so.
    fileprivate init(_ outer: EAPServerMethod, _ proof: InnerLogin.Proof) {
        self =
            switch (outer, proof) {
            case (.tls, _): .eapTLS
            case (.ttls, .password): .ttlsPAP
            case (.ttls, .chap): .ttlsCHAP
            case (.ttls, .mschapv2): .ttlsMSCHAPv2
            case (.ttls, .certificate), (.ttls, .resumed): .ttls
            case (.peap, .password): .peapGTC
            case (.peap, .mschapv2): .peapMSCHAPv2
            case (.peap, .chap), (.peap, .certificate), (.peap, .resumed): .peap
            }
    }
}
