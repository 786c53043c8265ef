import OpenSSL
import Territory

/// How a visitor came, checked: which gateway, which device, and how the gateway wants to be told.
///
/// It travels sealed in the forms and links of the portal, so its parts need no second check.
struct GatewayContext: Sendable, Equatable {
    /// The way back.
    enum Handoff: Sendable, Equatable {
        case uam(host: String, port: UInt16, challenge: [UInt8])
        case mikroTik(action: String, origin: String, chap: MikroTikRequest.Chap?)
        case fas(FAS)
        /// The gateway let the device reach us by itself; it is told through RADIUS.
        case macCoA
    }

    /// What openNDS needs to hear.
    struct FAS: Sendable, Equatable {
        /// What the gateway compares.
        let returnedHash: String
        /// `address:port`.
        let gatewayAddress: String
        let authDirectory: String
        let gatewayHash: [UInt8]
        /// Whether `authmon` fetches the answer (level 3), or the browser carries it (levels 1 and 2).
        let isFetched: Bool
    }

    let nas: NASID
    let device: MACAddress?
    /// The device's address, as its gateway sees it.
    let address: IPAddress?
    /// What the visitor first asked for, if it is an address of the web.
    let original: WebAddress?
    /// Whether the gateway proved that the parameters are its own.
    let isAuthenticated: Bool
    let handoff: Handoff

    /// Whether the gateway asks RADIUS about a password, and can be given one that nobody reads in an address.
    ///
    /// - Parameter hasKey: whether the gateway has a portal key, under which UAM hides a password.
    func takesPasswords(hasKey: Bool) -> Bool {
        switch handoff {
        case .uam: hasKey
        case .mikroTik: true
        case .fas, .macCoA: false
        }
    }

    /// Where forms may lead beside ourselves, for the content security policy; nil: nowhere.
    var formOrigin: String? {
        switch handoff {
        case .uam(let host, let port, _): "http://\(GatewayHost.authority(host, port: port))"
        case .mikroTik(_, let origin, _): origin
        case .fas(let fas): fas.isFetched ? nil : "http://\(fas.gatewayAddress)"
        case .macCoA: nil
        }
    }

    /// The parts as text, for ``TokenSealer``.
    var fields: [String] {
        [
            nas.description, device?.description ?? "", address?.description ?? "", original?.text ?? "",
            isAuthenticated ? "1" : "0",
        ] + handoff.fields
    }

    init(
        nas: NASID, device: MACAddress?, address: IPAddress?, original: WebAddress?, isAuthenticated: Bool,
        handoff: Handoff
    ) {
        (self.nas, self.device, self.address) = (nas, device, address)
        (self.original, self.isAuthenticated, self.handoff) = (original, isAuthenticated, handoff)
    }

    /// Reads ``fields``; nil for a token of another version of ours.
    init?(_ fields: [String]) {
        guard fields.count >= 6, let nas = NASID(fields[0]), let handoff = Handoff(Array(fields.dropFirst(5))) else {
            return nil
        }
        self.init(
            nas: nas, device: MACAddress(fields[1]), address: IPAddress(fields[2]), original: WebAddress(fields[3]),
            isAuthenticated: fields[4] == "1", handoff: handoff)
    }
}

extension GatewayContext.Handoff {
    fileprivate var fields: [String] {
        switch self {
        case .uam(let host, let port, let challenge): ["uam", host, String(port), Hex.encode(challenge)]
        case .mikroTik(let action, let origin, let chap):
            ["mikrotik", action, origin, chap.map { Hex.encode([$0.identifier] + $0.challenge) } ?? ""]
        case .fas(let fas):
            [
                "fas", fas.returnedHash, fas.gatewayAddress, fas.authDirectory, Hex.encode(fas.gatewayHash),
                fas.isFetched ? "1" : "0",
            ]
        case .macCoA: ["mac"]
        }
    }

    fileprivate init?(_ fields: [String]) {
        switch (fields.first, fields.count) {
        case ("uam", 4):
            guard let port = UInt16(fields[2]), let challenge = Hex.decode(fields[3]) else { return nil }
            self = .uam(host: fields[1], port: port, challenge: challenge)
        case ("mikrotik", 4):
            guard let octets = Hex.decode(fields[3]) else { return nil }
            let chap = octets.first.map { MikroTikRequest.Chap(identifier: $0, challenge: Array(octets.dropFirst())) }
            self = .mikroTik(action: fields[1], origin: fields[2], chap: chap)
        case ("fas", 6):
            guard let hash = Hex.decode(fields[4]) else { return nil }
            self = .fas(
                GatewayContext.FAS(
                    returnedHash: fields[1], gatewayAddress: fields[2], authDirectory: fields[3], gatewayHash: hash,
                    isFetched: fields[5] == "1"))
        case ("mac", 1): self = .macCoA
        default: return nil
        }
    }
}
