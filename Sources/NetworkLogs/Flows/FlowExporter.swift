/// Who sends flow records; templates, sequences and buffers are kept apart for each.
public struct FlowExporter: Hashable, Sendable {
    /// The exporter's address.
    public var address: NetworkAddress
    /// What tells exporters of one address apart; it must be the same after a restart, so a source's number and not
    /// its UDP port. 0 when there is one.
    public var instance: UInt32

    /// An exporter.
    public init(address: NetworkAddress, instance: UInt32 = 0) { (self.address, self.instance) = (address, instance) }
}

/// What one decoder may keep. When a bound is reached, the template or observation domain of that exporter which was
/// used longest ago makes place; of data that wait for a template, the newest is refused and counted.
public struct FlowLimits: Hashable, Sendable {
    /// Exporters; the datagrams of further ones are refused.
    public var exporters = 65_536
    /// Observation domains (source ids) of one exporter.
    public var domainsPerExporter = 64
    /// Templates of one domain.
    public var templatesPerDomain = 512
    /// Fields of one template.
    public var fieldsPerTemplate = 512
    /// Octets of data sets of one domain that wait for their template.
    public var pendingBytesPerDomain = 65_536
    /// Octets of such data sets in all.
    public var pendingBytes = 4_194_304
    /// Whether templates may be withdrawn (RFC 7011 §8.1). Over UDP no exporter may do so, and anybody can forge one.
    public var honorsWithdrawals = false

    /// The bounds above.
    public init() {}
}

/// What one datagram came to.
public struct FlowReport: Hashable, Sendable {
    /// What ``lost`` and ``late`` count.
    public enum Unit: Sendable {
        /// IPFIX: data records (RFC 7011 §3.1), and NetFlow v9 of exporters that count so.
        case records
        /// NetFlow v9: export packets (RFC 3954 §5.1).
        case packets
    }

    /// Events handed over, those of recovered records included.
    public var events: UInt32 = 0
    /// Flows without translation.
    public var untranslated: UInt32 = 0
    /// Flows that were refused.
    public var denied: UInt32 = 0
    /// Records that the NAT is short of something, or of an event number that is unknown.
    public var otherEvents: UInt32 = 0
    /// Records of options.
    public var options: UInt32 = 0
    /// Whether a template was learned, changed or withdrawn: save ``FlowDecoder/exportTemplates()``.
    public var templatesChanged = false
    /// Withdrawals that were not honoured.
    public var withdrawalsIgnored: UInt32 = 0
    /// How many the exporter counted that did not arrive before this datagram: a loss, for the archive.
    public var lost: UInt32 = 0
    /// How many of those counted as lost arrived now, late: to be taken off the loss.
    public var late: UInt32 = 0
    /// Whether the datagram came before, no loss being open that it could be part of.
    public var repeated = false
    /// The unit of the two.
    public var unit = Unit.records
    /// Whether the exporter began to count anew.
    public var sequenceRestarted = false
    /// Whether a gap cannot be told, the datagram before having held data of unknown templates.
    public var sequenceUnchecked = false
    /// Data sets put aside until their template arrives.
    public var setsBuffered: UInt32 = 0
    /// Data sets read now that had waited for their template.
    public var setsRecovered: UInt32 = 0
    /// Data sets lost for want of a template: a loss, for the archive.
    public var setsDropped: UInt32 = 0
    /// Their octets.
    public var bytesDropped: UInt32 = 0
    /// The observation domain, or the source id of NetFlow v9.
    public var domain: UInt32 = 0
    /// The first thing that could not be read; what stood before it was.
    public var fault: FlowFault?
    /// The octet of the datagram, from 0, where.
    public var faultOffset = 0

    /// A report of nothing.
    public init() {}

    mutating func fail(_ fault: FlowFault, at offset: Int) {
        if self.fault == nil { (self.fault, faultOffset) = (fault, offset) }
    }
}

/// Why a datagram or a part of it could not be read; `rawValue` is the name to count it under.
public enum FlowFault: String, Sendable, CaseIterable {
    /// Neither NetFlow v9 nor IPFIX.
    case version = "flow_version"
    /// Shorter than its header, or than an IPFIX header says.
    case truncated = "flow_truncated"
    /// A set's length is below 4 or beyond the message (RFC 7011 §3.3.2).
    case setLength = "flow_set_length"
    /// A set id between 4 and 255, of NetFlow v9 between 2 and 255 (RFC 7011 §3.3.2).
    case setID = "flow_set_id"
    /// A template that is cut off, of an id below 256, or without octets.
    case template = "flow_template"
    /// More fields than ``FlowLimits/fieldsPerTemplate``.
    case templateTooLong = "flow_template_too_long"
    /// A record reaches beyond its set.
    case record = "flow_record"
    /// More exporters than ``FlowLimits/exporters``.
    case tooManyExporters = "flow_too_many_exporters"
}
