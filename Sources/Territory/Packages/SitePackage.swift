/// Everything that makes a kind of site: a versioned document from which any number of sites are made. This is the
/// document with its inheritance resolved.
public struct SitePackage: Sendable, Hashable, Codable {
    /// `mairie`, `salle-des-fetes`: `^[a-z0-9][a-z0-9-]{0,62}$`.
    public let name: String
    /// 1 and up; a published release never changes.
    public let version: Int
    /// For people.
    public let title: LocalizedText
    /// What it is for.
    public let description: LocalizedText
    /// Networks to broadcast.
    public let networks: [NetworkPlan]
    /// How visitors get in.
    public let login: LoginPlan
    /// What visitors may do.
    public let rights: Rights
    /// What those in a group get, by the group's name; nil: it has none.
    public let groups: [String: GroupPlan]?
    /// How the portal looks.
    public let portal: PortalTheme
    /// Boxes that the site should have.
    public let equipment: [ExpectedEquipment]
    /// Who is told what.
    public let alerts: [AlertRule]
    /// What is kept, and for how long.
    public let retention: [RetentionRule]
    /// The poster at the door.
    public let signage: Signage
    /// Whether the site is under WiFi4EU; nil: it is not.
    public let wifi4eu: WiFi4EU?
    /// Whether the place receives children under three: it then has no WiFi (law 2015-136, article 7).
    public let underThrees: Bool

    enum CodingKeys: String, CodingKey {
        case name, version, title, description, networks, login, rights, groups, portal, equipment, alerts, retention
        case signage
        case wifi4eu
        case underThrees = "under_threes"
    }

    /// A network of the site.
    public struct NetworkPlan: Sendable, Hashable, Codable {
        /// Name within the site.
        public let name: String
        /// The SSID, in which `{commune}` and `{site}` stand for names.
        public let ssid: String
        /// 1 … 4094; nil: untagged.
        public let vlan: Int?
        /// How the radio link is protected.
        public let encryption: Network.Encryption
        /// How a login reaches the gateway.
        public let handoff: Handoff
    }

    /// How visitors get in.
    public struct LoginPlan: Sendable, Hashable, Codable {
        /// Offered on the portal, in this order.
        public let methods: [LoginGrant.Method]
        /// How long a device stays known after a login, 60 … 31,622,400 seconds.
        public let rememberSeconds: Int
        /// What a voucher is unless its maker says otherwise; nil: no voucher here.
        public let voucher: VoucherPlan?

        enum CodingKeys: String, CodingKey {
            case methods, voucher
            case rememberSeconds = "remember_seconds"
        }
    }

    /// What a voucher is unless its maker says otherwise.
    public struct VoucherPlan: Sendable, Hashable, Codable {
        /// From its making on, 60 … 31,622,400 seconds.
        public let validSeconds: Int
        /// Devices at once, 1 … 1,000.
        public let devices: Int

        enum CodingKeys: String, CodingKey {
            case devices
            case validSeconds = "valid_seconds"
        }
    }

    /// A box that the site should have.
    public struct ExpectedEquipment: Sendable, Hashable, Codable {
        /// What it does.
        public enum Role: String, Sendable, Hashable, Codable, CaseIterable {
            /// Routes visitors and holds the portal's gate.
            case gateway
            /// Broadcasts.
            case accessPoint = "access-point"
            /// Connects and feeds access points.
            case `switch`
        }

        /// What is looked at.
        public enum Check: String, Sendable, Hashable, Codable, CaseIterable {
            /// It answers.
            case ping
            /// It sends RADIUS while visitors are there.
            case radius
            /// SNMP counters.
            case snmp
        }

        /// What it does.
        public let role: Role
        /// Profiles that suit; empty: any.
        public let profiles: [String]
        /// How many at least.
        public let count: Int
        /// What is looked at.
        public let checks: [Check]
    }

    /// Who is told what.
    public struct AlertRule: Sendable, Hashable, Codable {
        /// What happened.
        public enum Event: String, Sendable, Hashable, Codable, CaseIterable {
            /// Nothing of the site answers.
            case siteDown = "site-down"
            /// One box does not answer.
            case equipmentDown = "equipment-down"
            /// A gateway sends nothing while it should.
            case gatewaySilent = "gateway-silent"
            /// Visitors fail to log in.
            case loginFailures = "login-failures"
            /// A legal record is missing or late.
            case retentionGap = "retention-gap"
        }

        /// `commune`, `departement`, `operator`, or an e-mail address.
        public let recipient: String
        /// What they are told.
        public let events: [Event]
    }

    /// What is kept of one class.
    public struct RetentionRule: Sendable, Hashable, Codable {
        /// The class.
        public let retentionClass: RetentionClass
        /// The legal reference.
        public let basis: String
        /// What starts the clock.
        public let clock: RetentionClass.Clock
        /// How long, in days.
        public let keepDays: Int

        enum CodingKeys: String, CodingKey {
            case basis, clock
            case retentionClass = "class"
            case keepDays = "keep_days"
        }
    }

    /// The poster at the door.
    public struct Signage: Sendable, Hashable, Codable {
        /// In large letters.
        public let headline: LocalizedText
        /// What to do.
        public let instructions: LocalizedText
        /// Whether it has a QR code that joins the network.
        public let qrCode: Bool

        enum CodingKeys: String, CodingKey {
            case headline, instructions
            case qrCode = "qr_code"
        }
    }

    /// The European scheme's banner and counting.
    public struct WiFi4EU: Sendable, Hashable, Codable {
        /// The network identifier that the scheme gave the site.
        public let networkIdentifier: String

        enum CodingKeys: String, CodingKey {
            case networkIdentifier = "network_identifier"
        }
    }
}

extension SitePackage: JSONDocument {
    /// Reads the document that `territory.package_release` holds. Throws `malformedDocument`.
    public init(document: String) throws(TerritoryError) { try self.init(json: document) }

    /// The document for `territory.package_release`: keys sorted, so that equal packages are equal bytes.
    public var document: String { json }
}
