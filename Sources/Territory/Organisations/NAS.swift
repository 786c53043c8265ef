public import Foundation

/// A network access server: what RADIUS requests come from, and what CoA and Disconnect go to. Its secrets are opened
/// here and appear in no description.
public struct NAS: Sendable, Hashable {
    /// Whether requests must carry Message-Authenticator (BlastRADIUS, CVE-2024-3596).
    public enum MessageAuthenticatorPolicy: String, Sendable, Hashable, Codable, CaseIterable {
        /// Required from the first request that carried one.
        case auto
        /// Always required.
        case require
        /// Never required: old equipment on a path an attacker cannot reach.
        case off
    }

    /// Its row.
    public let id: NASID
    /// The tenant it belongs to.
    public let organisationID: OrganisationID
    /// The site it serves.
    public let siteID: SiteID
    /// The box it runs on, if declared.
    public let equipmentID: EquipmentID?
    /// 1 … 63 characters; safe in a metric label.
    public let name: String
    /// Names an ``EquipmentProfile``.
    public let profile: String
    /// Where its packets come from; the longest prefix wins. Nil: known by
    /// `identifier` or `certificateName`.
    public let source: IPPrefix?
    /// NAS-Identifier, for those behind NAT or on the move.
    public let identifier: String?
    /// The name in the certificate that it shows over TLS (RFC 6614), lower case; nil: it does not use TLS.
    public let certificateName: String?
    /// The RADIUS shared secret.
    public let secret: Secret
    /// Whether Message-Authenticator is required.
    public let messageAuthenticator: MessageAuthenticatorPolicy
    /// When one was first seen; `auto` requires it from then on.
    public let messageAuthenticatorSeenAt: Date?
    /// Where CoA goes; nil: the source address of its packets.
    public let coaAddress: IPAddress?
    /// 1 … 65535; nil: the profile's.
    public let coaPort: Int?
    /// Nil: `secret`.
    public let coaSecret: Secret?
    /// openNDS `faskey` or UAM secret; nil: none.
    public let portalKey: Secret?

    /// A NAS as the table holds it, secrets opened.
    public init(
        id: NASID, organisationID: OrganisationID, siteID: SiteID, equipmentID: EquipmentID? = nil, name: String,
        profile: String, source: IPPrefix? = nil, identifier: String? = nil, certificateName: String? = nil,
        secret: Secret,
        messageAuthenticator: MessageAuthenticatorPolicy = .auto, messageAuthenticatorSeenAt: Date? = nil,
        coaAddress: IPAddress? = nil, coaPort: Int? = nil, coaSecret: Secret? = nil, portalKey: Secret? = nil
    ) {
        self.id = id
        self.organisationID = organisationID
        self.siteID = siteID
        self.equipmentID = equipmentID
        self.name = name
        self.profile = profile
        self.source = source
        self.identifier = identifier
        self.certificateName = certificateName
        self.secret = secret
        self.messageAuthenticator = messageAuthenticator
        self.messageAuthenticatorSeenAt = messageAuthenticatorSeenAt
        self.coaAddress = coaAddress
        self.coaPort = coaPort
        self.coaSecret = coaSecret
        self.portalKey = portalKey
    }

    /// Whether a request without Message-Authenticator is to be dropped.
    public var requiresMessageAuthenticator: Bool {
        switch messageAuthenticator {
        case .auto: messageAuthenticatorSeenAt != nil
        case .require: true
        case .off: false
        }
    }
}

extension NAS: CustomStringConvertible {
    /// Numbers and names of things, never a secret.
    public var description: String { "NAS \(id) \(name) (site \(siteID), profile \(profile))" }
}
