/// Who sends the archive records: a gateway's syslog, its flow export, a DHCP server, through a relay or not.
public struct LogSource: Sendable, Hashable {
    /// How it sends.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Lines: syslog over UDP, TCP or TLS.
        case syslog
        /// NetFlow v9 or IPFIX.
        case flow
    }

    /// Its row; sealed records carry the name instead.
    public let id: LogSourceID
    /// The tenant of its site.
    public let organisationID: OrganisationID
    /// The site it speaks of.
    public let siteID: SiteID
    /// The site, as people and sealed records name it.
    public let site: Slug
    /// 1 … 63 of `a-z 0-9 . -`, never used for another source.
    public let name: String
    /// How it sends.
    public let kind: Kind
    /// Where its packets come from; nil: known by its certificate.
    public let address: IPPrefix?
    /// The name in its certificate (RFC 5425 §4.2.1), in lower case; nil: it does not use TLS.
    public let certificateName: String?
    /// What lines it writes, by the names of the parsers; none for flows.
    public let dialects: [String]
    /// The time zone of its clock, by its IANA name.
    public let timeZone: String
    /// Which segments its records go to: those of one group share keys of the same holders.
    public let tenantGroup: String
    /// After how many seconds without a word it counts as silent: 60 … 604 800.
    public let silentAfterSeconds: Int

    /// A source as it is stored.
    public init(
        id: LogSourceID, organisationID: OrganisationID, siteID: SiteID, site: Slug, name: String, kind: Kind,
        address: IPPrefix?, certificateName: String?, dialects: [String], timeZone: String, tenantGroup: String,
        silentAfterSeconds: Int
    ) {
        (self.id, self.organisationID, self.siteID, self.site) = (id, organisationID, siteID, site)
        (self.name, self.kind, self.address, self.certificateName) = (name, kind, address, certificateName)
        (self.dialects, self.timeZone, self.tenantGroup) = (dialects, timeZone, tenantGroup)
        self.silentAfterSeconds = silentAfterSeconds
    }
}

/// Identifies a ``LogSource``.
public typealias LogSourceID = Identifier<LogSource>
