public import Foundation

/// What the product knows of a vendor: which attributes say what, how a session is named to it, how its logins are handed
/// over. One YAML file of `config/equipment` each.
public struct EquipmentProfile: Sendable, Hashable {
    /// The file's name without extension.
    public let name: String
    /// For people.
    public let title: String
    /// How the portal hands a login over.
    public let handoff: Handoff
    /// Whether it reports octets reversed: input meaning to the visitor.
    public let swapOctets: Bool
    /// How it spells Calling-Station-Id.
    public let callingStation: MACAddress.Spelling
    /// How it spells the address in Called-Station-Id.
    public let calledStation: MACAddress.Spelling
    /// What an Access-Accept carries.
    public let accept: [AttributeRule]
    /// What an openNDS FAS reply carries, in units of its own.
    public let fas: [AttributeRule]
    /// How it is told to change or end a session; nil: it cannot be.
    public let dynamicAuthorization: DynamicAuthorization?

    /// CoA and Disconnect (RFC 5176).
    public struct DynamicAuthorization: Sendable, Hashable {
        /// A request the equipment answers.
        public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
            /// Disconnect-Request, 40.
            case disconnect
            /// CoA-Request, 43.
            case coa
        }

        /// Attributes that may name a session.
        public enum IdentifyingAttribute: String, Sendable, Hashable, CaseIterable {
            /// User-Name, 1.
            case userName = "User-Name"
            /// Acct-Session-Id, 44.
            case acctSessionID = "Acct-Session-Id"
            /// Calling-Station-Id, 31.
            case callingStation = "Calling-Station-Id"
            /// Called-Station-Id, 30.
            case calledStation = "Called-Station-Id"
            /// Framed-IP-Address, 8.
            case framedAddress = "Framed-IP-Address"
            /// NAS-Port, 5.
            case nasPort = "NAS-Port"
            /// NAS-Identifier, 32.
            case nasIdentifier = "NAS-Identifier"
        }

        /// Where it listens unless the NAS says otherwise.
        public let port: Int
        /// What it answers.
        public let methods: [Method]
        /// What it wants a session named by, no more and no less: some refuse attributes that they do not expect.
        public let identify: [IdentifyingAttribute]
        /// Whether requests carry Event-Timestamp.
        public let eventTimestamp: Bool
        /// Whether requests carry Message-Authenticator.
        public let messageAuthenticator: Bool
        /// What a CoA carries of an allowance; empty: nothing can be changed.
        public let change: [AttributeRule]
        /// How a device is made to authenticate again after MAC authentication; nil: it cannot be.
        public let reauthenticate: Method?
        /// What a CoA that makes a device authenticate again carries: RFC 5176 has no such request, each make has its own
        /// words. Empty where it is done by Disconnect.
        public let reauthentication: [AttributeRule]
    }

    /// The attributes of an Access-Accept.
    public func acceptAttributes(for allowance: Allowance) -> [ProfileAttribute] {
        accept.compactMap { $0.attribute(for: allowance) }
    }

    /// The parameters of an openNDS FAS reply; empty for other equipment.
    public func fasParameters(for allowance: Allowance) -> [ProfileAttribute] {
        fas.compactMap { $0.attribute(for: allowance) }
    }

    /// The attributes of a Disconnect-Request; nil where the equipment answers none or nothing names the session.
    public func disconnectAttributes(for session: SessionIdentity, now: Date) -> [ProfileAttribute]? {
        guard let dynamicAuthorization, dynamicAuthorization.methods.contains(.disconnect) else { return nil }
        return requestAttributes(for: session, now: now, dynamicAuthorization)
    }

    /// The attributes of a CoA-Request that applies an allowance; nil where the equipment cannot change a session.
    public func changeAttributes(
        for session: SessionIdentity, allowance: Allowance, now: Date
    ) -> [ProfileAttribute]? {
        guard let dynamicAuthorization, dynamicAuthorization.methods.contains(.coa),
            !dynamicAuthorization.change.isEmpty,
            let request = requestAttributes(for: session, now: now, dynamicAuthorization)
        else { return nil }
        return request + dynamicAuthorization.change.compactMap { $0.attribute(for: allowance) }
    }

    /// How a device is made to authenticate again, and the attributes of that request.
    public func reauthenticateRequest(
        for session: SessionIdentity, now: Date
    ) -> (method: DynamicAuthorization.Method, attributes: [ProfileAttribute])? {
        guard let dynamicAuthorization, let method = dynamicAuthorization.reauthenticate,
            let request = requestAttributes(for: session, now: now, dynamicAuthorization)
        else { return nil }
        guard method == .coa else { return (method, request) }
        return (method, request + dynamicAuthorization.reauthentication.compactMap(\.constant))
    }

    private func requestAttributes(
        for session: SessionIdentity, now: Date, _ authorization: DynamicAuthorization
    ) -> [ProfileAttribute]? {
        let named = authorization.identify.compactMap { attribute in
            value(of: attribute, in: session).map { ProfileAttribute(name: attribute.rawValue, value: $0) }
        }
        // NAS-Identifier names the NAS, not the session.
        guard named.contains(where: { $0.name != "NAS-Identifier" }) else { return nil }
        guard authorization.eventTimestamp, let seconds = UInt32(exactly: now.timeIntervalSince1970.rounded(.down))
        else {
            return named
        }
        return named + [ProfileAttribute(name: "Event-Timestamp", value: String(seconds))]
    }

    private func value(
        of attribute: DynamicAuthorization.IdentifyingAttribute, in session: SessionIdentity
    ) -> String? {
        switch attribute {
        case .userName: session.userName
        case .acctSessionID: session.acctSessionID
        case .callingStation: session.callingStation.map { MACAddress($0)?.formatted(callingStation) ?? $0 }
        case .calledStation: session.calledStation
        case .framedAddress: session.framedAddress.map(\.description)
        case .nasPort: session.nasPort.map(String.init)
        case .nasIdentifier: session.nasIdentifier
        }
    }
}

extension AttributeRule {
    /// The attribute that is the same for every allowance; nil for another rule.
    var constant: ProfileAttribute? {
        if case .constant(let text) = value { ProfileAttribute(name: attribute, value: text) } else { nil }
    }
}
