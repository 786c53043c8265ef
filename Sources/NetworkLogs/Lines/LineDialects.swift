/// The programs whose lines a source may send; one gateway often has several.
public struct LineDialects: OptionSet, Hashable, Sendable {
    /// The bits; not to be stored, store ``names``.
    public let rawValue: UInt16
    /// From bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// MikroTik RouterOS: firewall and DHCP lines.
    public static let routerOS = LineDialects(rawValue: 1)
    /// FortiGate: traffic and DHCP lines, `key=value`.
    public static let fortiGate = LineDialects(rawValue: 2)
    /// Linux `conntrack -E -o timestamp,id`.
    public static let conntrack = LineDialects(rawValue: 4)
    /// ulogd2 with NFCT and LOGEMU or GPRINT.
    public static let ulogd = LineDialects(rawValue: 8)
    /// OPNsense and pfSense filterlog.
    public static let filterlog = LineDialects(rawValue: 16)
    /// dnsmasq's log, and one JSON line for each call of its `dhcp-script`.
    public static let dnsmasq = LineDialects(rawValue: 32)
    /// Kea's log, and leases as JSON.
    public static let kea = LineDialects(rawValue: 64)
    /// `proto= src= nat= dst= start= dur=`: what a gateway's own script may write.
    public static let natRecord = LineDialects(rawValue: 128)

    private static let table: [(name: String, dialect: LineDialects)] = [
        ("routeros", .routerOS), ("fortigate", .fortiGate), ("conntrack", .conntrack), ("ulogd", .ulogd),
        ("filterlog", .filterlog), ("dnsmasq", .dnsmasq), ("kea", .kea), ("nat-record", .natRecord),
    ]

    /// The names of all dialects, for configuration.
    public static var allNames: [String] { table.map(\.name) }

    /// The dialect of a configured name; nil for an unknown one.
    public init?(name: String) {
        guard let entry = Self.table.first(where: { $0.name == name }) else { return nil }
        self = entry.dialect
    }

    /// The configured names of these dialects.
    public var names: [String] { Self.table.filter { contains($0.dialect) }.map(\.name) }
}

/// What a source's parser may keep beyond the rule.
public struct ParserOptions: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: UInt8
    /// From bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Destinations are handed over (class C5x). Otherwise no event holds one.
    public static let keepsDestination = ParserOptions(rawValue: 1)
    /// Connections and flows without translation become ``NetworkEvent/Kind/flow`` events instead of being ignored.
    public static let keepsUntranslated = ParserOptions(rawValue: 2)
}
