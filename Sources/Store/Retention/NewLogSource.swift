public import Territory

/// A source of records to be declared.
public struct NewLogSource: Sendable {
    /// 1 … 63 of `a-z 0-9 . -`, unique over the installation for ever.
    public var name: String
    /// How it sends.
    public var kind: LogSource.Kind
    /// Where its packets come from.
    public var address: IPPrefix?
    /// The name in its certificate.
    public var certificateName: String?
    /// What lines it writes.
    public var dialects: [String]
    /// The IANA name of its clock's zone.
    public var timeZone: String
    /// Which segments its records go to.
    public var tenantGroup: String
    /// 60 … 604 800.
    public var silentAfterSeconds: Int

    /// A source that is silent after a quarter of an hour, in the group of all.
    public init(
        name: String, kind: LogSource.Kind, address: IPPrefix? = nil, certificateName: String? = nil,
        dialects: [String] = [], timeZone: String = "Europe/Paris", tenantGroup: String = "commun",
        silentAfterSeconds: Int = 900
    ) {
        (self.name, self.kind, self.address) = (name, kind, address)
        self.certificateName = certificateName?.lowercased()
        (self.dialects, self.timeZone, self.tenantGroup) = (dialects, timeZone, tenantGroup)
        self.silentAfterSeconds = silentAfterSeconds
    }
}
