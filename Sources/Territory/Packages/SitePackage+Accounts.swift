extension Handoff {
    /// Whether a gateway of this kind asks RADIUS about a name and a password that the visitor's browser brings. Only
    /// there can the portal offer the login method `account`: it may read no account itself.
    public var verifiesPasswords: Bool { self == .uam }

    /// Why not, for people; nil where it does, or where there is no portal.
    fileprivate var passwordObstacle: String? {
        switch self {
        case .uam, .none: nil
        case .openNDSFAS: "openNDS asks no RADIUS server about a password, and the portal may not read accounts"
        case .macCoA: "it authenticates the device's address alone, and the portal may not read accounts"
        }
    }
}

extension SitePackage {
    /// A gateway, as far as passwords are concerned.
    public struct PasswordGateway: Sendable, Hashable {
        /// Its name within the site.
        public let name: String
        /// The name of its equipment profile.
        public let profile: String
        /// The profile's handoff; nil: there is no such profile.
        public let handoff: Handoff?
        /// Whether it has a portal key.
        public let hasKey: Bool

        /// A gateway of that profile.
        public init(name: String, profile: String, handoff: Handoff?, hasKey: Bool) {
            (self.name, self.profile, self.handoff, self.hasKey) = (name, profile, handoff, hasKey)
        }
    }

    /// A sentence for each gateway of a site at which the login method `account` is listed and not offered, with the
    /// reason; empty where it is not listed.
    public func accountNotices(site: Slug, gateways: [PasswordGateway]) -> [String] {
        guard login.methods.contains(.account) else { return [] }
        return gateways.compactMap { gateway in
            let reason: String? =
                if gateway.handoff == .uam {
                    gateway.hasKey ? nil : "it has no portal key (uamsecret) to hide a password under in an address"
                } else {
                    gateway.handoff.map(\.passwordObstacle) ?? "there is no such profile"
                }
            return reason.map {
                "site \(site): the login method account is not offered at gateway \(gateway.name) (\(gateway.profile)): \($0)"
            }
        }
    }

    /// A sentence for each network and each expected gateway of the package at which `account` is listed and cannot be
    /// offered, with the reason; empty where it is not listed.
    ///
    /// - Parameter profiles: the handoff of each equipment profile, by name.
    public func accountNotices(profiles: [String: Handoff]) -> [String] {
        guard login.methods.contains(.account) else { return [] }
        let onNetworks = networks.compactMap { network in
            network.handoff.passwordObstacle.map { "on network \(network.name) (\(network.handoff.rawValue)): \($0)" }
        }
        let expected = Set(equipment.filter { $0.role == .gateway }.flatMap(\.profiles)).sorted()
        let atGateways = expected.compactMap { profile in
            profiles[profile]?.passwordObstacle.map { "at a gateway \(profile): \($0)" }
        }
        return (onNetworks + atGateways).map { "package \(name): the login method account is not offered \($0)" }
    }
}
