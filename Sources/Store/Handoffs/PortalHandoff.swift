public import Foundation
public import Territory

/// A login that an openNDS gateway is told about, and then reports on.
public struct PortalHandoff: Sendable, Hashable {
    /// What the portal knows when it hands a visitor over.
    public struct Draft: Sendable, Hashable {
        /// The tenant.
        public var organisationID: OrganisationID
        /// Where the visitor is.
        public var siteID: SiteID
        /// The gateway.
        public var nasID: NASID
        /// What lets the visitor in.
        public var grantID: LoginGrantID
        /// SHA-256 of the gateway's name, 32 octets.
        public var gatewayHash: [UInt8]
        /// What the gateway knows the device by: 64 hexadecimal digits.
        public var token: String
        /// What follows the token when the gateway is told: `minutes up down up down`, at most 300 characters. The
        /// reference to the session is added by the portal.
        public var parameters: String
        /// Whether the gateway fetches it, or the visitor's browser carries it.
        public var isFetched: Bool
        /// The visitor's device.
        public var device: MACAddress?
        /// The device's address, as the gateway sees it.
        public var address: IPAddress?
        /// Where the visitor's request came from.
        public var visitorAddress: IPAddress?
        /// When the allowance ends.
        public var endsAt: Date

        /// A draft.
        public init(
            organisationID: OrganisationID, siteID: SiteID, nasID: NASID, grantID: LoginGrantID, gatewayHash: [UInt8],
            token: String, parameters: String, isFetched: Bool, device: MACAddress?, address: IPAddress?,
            visitorAddress: IPAddress?, endsAt: Date
        ) {
            (self.organisationID, self.siteID, self.nasID, self.grantID) = (organisationID, siteID, nasID, grantID)
            (self.gatewayHash, self.token, self.parameters) = (gatewayHash, token, parameters)
            (self.isFetched, self.device, self.address) = (isFetched, device, address)
            (self.visitorAddress, self.endsAt) = (visitorAddress, endsAt)
        }
    }

    /// Its row.
    public let id: Int64
    /// The session it becomes.
    public let sessionID: UUID
    /// What was handed over.
    public let draft: Draft
    /// When.
    public let createdAt: Date
    /// When the gateway let the device through; nil: not yet.
    public let acknowledgedAt: Date?
    /// When the session ended, or the handoff was given up; nil: neither.
    public let closedAt: Date?

    /// A handoff.
    public init(id: Int64, sessionID: UUID, draft: Draft, createdAt: Date, acknowledgedAt: Date?, closedAt: Date?) {
        (self.id, self.sessionID, self.draft) = (id, sessionID, draft)
        (self.createdAt, self.acknowledgedAt, self.closedAt) = (createdAt, acknowledgedAt, closedAt)
    }
}
