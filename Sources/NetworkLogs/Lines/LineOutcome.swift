/// What became of a line.
public enum LineOutcome: Hashable, Sendable {
    /// It says who had what.
    case event(NetworkEvent)
    /// It is of another kind, or says nothing of attribution.
    case ignored(IgnoredReason)
    /// It claims to be of a known kind and cannot be read; the octet of the message, from 0, where.
    case malformed(MalformedReason, offset: Int)
}

/// Why a line yields nothing although nothing is wrong with it; `rawValue` is the name to count it under.
public enum IgnoredReason: String, Sendable, CaseIterable {
    /// Nothing but a header, a comment or a title of columns.
    case empty
    /// No program of the source's dialects wrote it.
    case otherProgram = "other_program"
    /// A connection or packet without a translated pair: it can be attributed to the site only.
    case noTranslation = "no_translation"
    /// A connection that was refused.
    case denied
    /// A known session changed its state.
    case stateChange = "state_change"
    /// A step of a DHCP exchange that gives no lease.
    case leaseStep = "lease_step"
    /// A DNS query or another thing that may not be kept; nothing of it was read.
    case content
    /// The NAT is short of addresses, ports or sessions.
    case resourceEvent = "resource_event"
    /// A lease without its device's address, or an address without a lease.
    case incompleteLease = "incomplete_lease"
}

/// Why a line, a lease or a header could not be read; `rawValue` is the name to count it under.
public enum MalformedReason: String, Sendable, CaseIterable {
    /// PRI is not `<0>` to `<191>` (RFC 5424 §6.2.1).
    case priority
    /// A field of an RFC 5424 header is missing.
    case header
    /// The time of an RFC 5424 header cannot be read (§6.2.3).
    case headerTime = "header_time"
    /// Structured data without end (RFC 5424 §6.3).
    case structuredData = "structured_data"
    /// Longer than ``LineParser/maximumLine``.
    case tooLong = "too_long"
    /// The line ends before what it must hold.
    case truncated
    /// An address that is none.
    case address
    /// A port or a number that is none, or too large.
    case number
    /// A protocol that has no number here.
    case protocolName = "protocol_name"
    /// A time that is none.
    case time
    /// A hardware address that is none.
    case hardwareAddress = "hardware_address"
    /// A field that must be there is not.
    case missingField = "missing_field"
    /// JSON that is none, too deep or without end.
    case json
}
