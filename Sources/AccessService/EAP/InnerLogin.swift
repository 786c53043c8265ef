internal import EAP
internal import OpenSSL
import Synchronization
internal import Territory

/// A login inside a tunnel, on its way to a packet thread, which judges it as it judges a login outside of one.
final class InnerLogin: Sendable {
    /// What it proves itself with.
    enum Proof: Sendable {
        case password(HeldOctets)
        case chap(identifier: UInt8, challenge: [UInt8], response: [UInt8])
        case mschapv2(MSCHAPv2Exchange)
        /// EAP-TLS has vouched for the certificate.
        case certificate(Certificate)
        /// An earlier session's proof, by what its ticket says.
        case resumed(CachedAuthorization, certificate: Certificate?)
    }

    /// What was decided: the Accept, once EAP has come to its end.
    struct Authorization: Sendable {
        var attributes: [UInt8]
        var classValue: [UInt8]
        var allowance: Allowance
        var kind: TallyKind
        var subject: SubjectReference
    }

    let exchange: EAPExchange
    let proof: Proof
    /// Who it says it is; nil: a certificate without a name, a ticket that cannot be read.
    let name: HeldOctets?
    private let decided = Mutex<(authorization: Authorization?, refusal: String?)>((nil, nil))

    private init(_ exchange: EAPExchange, _ proof: Proof, name: some Collection<UInt8>) {
        (self.exchange, self.proof) = (exchange, proof)
        self.name = name.isEmpty ? nil : HeldOctets(name)
    }

    /// What a peer offered inside its tunnel.
    convenience init(_ credential: InnerCredential, _ outer: EAPIdentity?, _ exchange: EAPExchange) {
        switch credential {
        case .pap(let user, let password):
            self.init(exchange, .password(HeldOctets(password)), name: Array(user.utf8))
        case .chap(let user, let identifier, let challenge, let response):
            let proof = Proof.chap(identifier: identifier, challenge: challenge, response: response)
            self.init(exchange, proof, name: Array(user.utf8))
        case .mschapv2(let proven):
            // A Windows domain is none of ours (RFC 2759 §4).
            let user = proven.user.utf8.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false)
            self.init(exchange, .mschapv2(proven), name: user.last.map(Array.init) ?? [])
        case .certificate(let chain, _):
            guard let own = chain.first else {
                self.init(exchange, .resumed(.init(kind: .certificate, tag: [], name: []), certificate: nil), name: [])
                return
            }
            self.init(exchange, .certificate(own), name: Array((own.subscriberName ?? "").utf8))
        }
    }

    /// What a ticket says.
    convenience init(_ resumption: EAPResumption, _ exchange: EAPExchange) {
        let cached = CachedAuthorization(resumption.cachedAuthorization)
        let proof = Proof.resumed(
            cached ?? CachedAuthorization(kind: .password, tag: [], name: []), certificate: resumption.certificate)
        self.init(exchange, proof, name: cached?.name ?? [])
    }

    /// The device's certificate, of EAP-TLS.
    var certificate: Certificate? {
        switch proof {
        case .certificate(let certificate): certificate
        case .resumed(_, let certificate): certificate
        case .password, .chap, .mschapv2: nil
        }
    }

    /// The password, for as long as this lives.
    var password: UnsafeRawBufferPointer? {
        guard case .password(let held) = proof else { return nil }
        return held.bytes
    }

    /// Kept by the thread that judged, for the one that answers.
    var authorization: Authorization? {
        get { decided.withLock { $0.authorization } }
        set { decided.withLock { $0 = (newValue, nil) } }
    }

    /// The name of the reason, where it was refused.
    var refusal: String? {
        get { decided.withLock { $0.refusal } }
        set { decided.withLock { $0 = (nil, newValue) } }
    }
}

extension Certificate {
    /// Whom a device's certificate names: its mail address or principal name, else the common name.
    var subscriberName: String? {
        for name in alternativeNames {
            switch name {
            case .email(let text), .userPrincipalName(let text): return text
            case .dns, .uri, .address, .naiRealm: continue
            }
        }
        return commonName
    }
}
