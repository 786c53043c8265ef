/// A kind of segment: which columns, in which order, and by what its records are sorted.
public struct Schema: Sendable, Equatable {
    /// What comes first in the order of records; then the public port, the transport and the start.
    public enum Principal: Sendable { case publicAddress, privateAddress, mac, none }

    /// The code in the segment's header.
    public let id: UInt16
    /// For people.
    public let name: String
    /// The columns, in the order in which blocks hold them.
    public let fields: [Field]
    /// What the records are sorted and found by.
    public let principal: Principal

    private static let circumstances: [Field] = [
        .source, .site, .event, .flags, .clockOffset, .clockTolerance, .reference,
    ]
    private static let translation: [Field] =
        [
            .publicAddress, .publicPort, .transport, .start, .end, .received, .publicPortEnd, .privateAddress,
            .privatePort, .mac, .subject,
        ] + circumstances

    /// NAT bindings and port blocks (class C4).
    public static let translations = Schema(id: 1, name: "translations", fields: translation, principal: .publicAddress)
    /// NAT bindings with destinations (class C5x).
    public static let destinations = Schema(
        id: 2, name: "destinations", fields: translation + [.destinationAddress, .destinationPort],
        principal: .publicAddress)
    /// Leases: an address inside a site and a device (class C4).
    public static let leases = Schema(
        id: 3, name: "leases", fields: [.privateAddress, .start, .end, .received, .mac, .subject] + circumstances,
        principal: .privateAddress)
    /// Sessions: a device and a subject (class C4).
    public static let sessions = Schema(
        id: 4, name: "sessions", fields: [.mac, .start, .end, .received, .privateAddress, .subject] + circumstances,
        principal: .mac)
    /// Traffic counters of sessions (class C5).
    public static let traffic = Schema(
        id: 5, name: "traffic",
        fields: [.mac, .start, .end, .received, .privateAddress, .subject] + circumstances + [
            .octetsIn, .octetsOut, .accessPoint,
        ], principal: .mac)
    /// Documents: identities, accounts, events (classes C1, C2, C7, C8, C9).
    public static let documents = Schema(
        id: 6, name: "documents", fields: [.start, .end, .received, .subject] + circumstances + [.payload],
        principal: .none)

    /// Every kind of this version of the format.
    public static let all = [translations, destinations, leases, sessions, traffic, documents]

    static func withID(_ id: UInt16) -> Schema? { all.first { $0.id == id } }

    func has(_ field: Field) -> Bool { fields.contains(field) }
}
