public import OpenSSL

/// A method this module serves.
public enum EAPServerMethod: String, Sendable, CaseIterable {
    /// EAP-TTLSv0 (RFC 5281).
    case ttls
    /// PEAPv0 (draft-kamath-pppext-peapv0), without cryptobinding.
    case peap
    /// EAP-TLS (RFC 5216, RFC 9190).
    case tls

    /// Its type.
    public var type: EAPMethod {
        switch self {
        case .ttls: .ttls
        case .peap: .peap
        case .tls: .tls
        }
    }
}

/// An EAP method inside TTLS or PEAP.
public enum EAPInnerMethod: String, Sendable, CaseIterable {
    /// EAP-MSCHAPv2: needs the NT hash of a password.
    case mschapv2
    /// EAP-GTC: the password in clear.
    case genericTokenCard

    var type: EAPMethod {
        switch self {
        case .mschapv2: .mschapv2
        case .genericTokenCard: .genericTokenCard
        }
    }
}

/// What conversations are made from. Replaced as a whole when certificates are renewed; conversations keep the one they
/// began with.
public struct EAPServerSettings: Sendable {
    /// The methods, the preferred first: a peer that wants another says so by Nak.
    public let methods: [EAPServerMethod]
    /// The methods inside PEAP and EAP in TTLS, the preferred first. PAP, CHAP and MS-CHAPv2 inside TTLS need no offer.
    public var innerMethods: [EAPInnerMethod] = EAPInnerMethod.allCases
    /// The name we give in an MS-CHAPv2 challenge.
    public var serverName = "socle"
    /// What the tickets are good for that are given before the proof; nil gives none of those. Keep one when settings are
    /// replaced.
    public var memory: EAPTicketMemory? = EAPTicketMemory()
    /// On TLS 1.3, whether a ticket that every node honours is worth a round trip of its own where nothing else is sent
    /// after the inner proof (PAP, CHAP and GTC inside TTLS). RFC 9427 §3 warns of peers that do not expect it;
    /// wpa_supplicant takes it. Else such a session is resumed on this node alone, by ``memory``.
    public var sendsTicketAlone = false

    private let contexts: [EAPServerMethod: TLSContext]

    /// Makes the TLS of each method from one base: EAP-TLS demands a certificate that the base's trust anchors vouch for,
    /// the others demand none. Tickets are good for the method they were given by (RFC 9427 §4).
    ///
    /// Throws what ``TLSContext`` finds wrong, and `.settingInvalid` for no method or the same twice.
    public init(tls base: TLSSettings, methods: [EAPServerMethod] = EAPServerMethod.allCases) throws(OpenSSLError) {
        guard !methods.isEmpty, Set(methods).count == methods.count else {
            throw OpenSSLError(.settingInvalid, "EAP methods")
        }
        var contexts: [EAPServerMethod: TLSContext] = [:]
        for method in methods {
            var settings = base
            settings.role = .server
            settings.middleboxCompatibility = false
            settings.resumptionScope = "\(method.rawValue) \(base.resumptionScope)"
            settings.peerCertificate = method == .tls ? .required : .none
            contexts[method] = try TLSContext(settings)
        }
        (self.methods, self.contexts) = (methods, contexts)
    }

    func context(_ method: EAPServerMethod) -> TLSContext? { contexts[method] }
}
