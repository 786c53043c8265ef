/// What a column of a segment holds. The raw value is the code in the format; it is never used again for anything else.
public enum Field: UInt8, Sendable, CaseIterable {
    /// When the attribution began, in milliseconds since 1970 UTC, by the clock of the source.
    case start = 1
    /// When it ended, likewise.
    case end = 2
    /// When we received the record, likewise, by our clock.
    case received = 3
    /// The address the outside world saw.
    case publicAddress = 4
    /// The port the outside world saw, or the first of a block.
    case publicPort = 5
    /// The last port of a block; `publicPort` where it is one port.
    case publicPortEnd = 6
    /// The transport protocol's number (IANA): 6 TCP, 17 UDP, 0 any.
    case transport = 7
    /// The address inside the site.
    case privateAddress = 8
    /// The port inside the site.
    case privatePort = 9
    /// Where the traffic went; only in the kind ``Schema/destination``.
    case destinationAddress = 10
    /// The port it went to.
    case destinationPort = 11
    /// The device's MAC address, 48 bits as a number; 0 for none.
    case mac = 12
    /// A reference to an account, in another store; never a name.
    case subject = 13
    /// Which declared source said so.
    case source = 14
    /// The site.
    case site = 15
    /// What happened, by the codes of ``RecordEvent``.
    case event = 16
    /// ``RecordFlags``.
    case flags = 17
    /// The source's clock minus ours when the record came, in milliseconds.
    case clockOffset = 18
    /// How far that offset may be wrong, in milliseconds.
    case clockTolerance = 19
    /// Octets toward the device (class C5).
    case octetsIn = 20
    /// Octets from the device (class C5).
    case octetsOut = 21
    /// The access point (class C5).
    case accessPoint = 22
    /// The source's own name for the binding, lease or session.
    case reference = 23
    /// A document of a kind that the class defines, at most 65 535 octets.
    case payload = 24

    /// How the column's values are held.
    enum Shape { case integer, address, octets }

    var shape: Shape {
        switch self {
        case .start, .end, .received, .publicPort, .publicPortEnd, .transport, .privatePort, .destinationPort, .mac,
            .event, .flags, .clockOffset, .clockTolerance, .octetsIn, .octetsOut:
            .integer
        case .publicAddress, .privateAddress, .destinationAddress: .address
        case .subject, .source, .site, .accessPoint, .reference, .payload: .octets
        }
    }

    /// The field whose value is subtracted before encoding, because the two are near each other.
    var base: Field? {
        switch self {
        case .end: .start
        case .received: .end
        case .publicPortEnd: .publicPort
        default: nil
        }
    }

    /// Octets of the value in a builder's row.
    var rowWidth: Int {
        switch self {
        case .transport, .event: 1
        case .publicPort, .publicPortEnd, .privatePort, .destinationPort, .flags: 2
        case .clockOffset, .clockTolerance, .subject, .source, .site, .accessPoint, .reference, .payload: 4
        case .start, .end, .received, .mac, .octetsIn, .octetsOut: 8
        case .publicAddress, .privateAddress, .destinationAddress: 16
        }
    }
}
