/// What was observed. The raw value is the octet in the column ``Field/event``; a reader takes any.
public struct RecordEvent: RawRepresentable, Hashable, Sendable {
    /// The octet.
    public let rawValue: UInt8
    /// Any octet.
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Nothing said.
    public static let unspecified = RecordEvent(rawValue: 0)
    /// One address and port was translated.
    public static let binding = RecordEvent(rawValue: 1)
    /// A block of ports was given to one client.
    public static let portBlock = RecordEvent(rawValue: 2)
    /// A lease.
    public static let lease = RecordEvent(rawValue: 3)
    /// A session.
    public static let session = RecordEvent(rawValue: 4)
    /// An interim count of a session that goes on.
    public static let interim = RecordEvent(rawValue: 5)
    /// A document.
    public static let document = RecordEvent(rawValue: 6)
}

/// What is to be known of a record's own certainty.
public struct RecordFlags: OptionSet, Hashable, Sendable {
    /// The bits of the column ``Field/flags``.
    public let rawValue: UInt16
    /// Any bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The end was inferred: nobody told it.
    public static let inferredEnd = RecordFlags(rawValue: 1)
    /// The start was inferred, from an end and a duration or from the first thing seen.
    public static let inferredStart = RecordFlags(rawValue: 2)
    /// The source's clock was not to be trusted.
    public static let clockDegraded = RecordFlags(rawValue: 4)
    /// The record was still open when its segment was sealed.
    public static let open = RecordFlags(rawValue: 8)
    /// The MAC address is locally administered: probably random.
    public static let randomMAC = RecordFlags(rawValue: 16)
    /// The source had lost records around this one.
    public static let sourceIncomplete = RecordFlags(rawValue: 32)
}

/// One attribution. Octet strings are ``Token`` toward a ``SegmentBuilder`` and octets from a ``SegmentReader``; a
/// field that the segment's schema lacks is not kept. Times are milliseconds since 1970 UTC.
public struct AttributionRecord<Text: Hashable & Sendable>: Hashable, Sendable {
    /// See ``Field/start``.
    public var start: Int64 = 0
    /// See ``Field/end``.
    public var end: Int64 = 0
    /// See ``Field/received``.
    public var received: Int64 = 0
    /// See ``Field/publicAddress``.
    public var publicAddress = NetworkAddress.none
    /// See ``Field/publicPort``.
    public var publicPort: UInt16 = 0
    /// See ``Field/publicPortEnd``.
    public var publicPortEnd: UInt16 = 0
    /// See ``Field/transport``.
    public var transport: UInt8 = 0
    /// See ``Field/privateAddress``.
    public var privateAddress = NetworkAddress.none
    /// See ``Field/privatePort``.
    public var privatePort: UInt16 = 0
    /// See ``Field/destinationAddress``.
    public var destinationAddress = NetworkAddress.none
    /// See ``Field/destinationPort``.
    public var destinationPort: UInt16 = 0
    /// See ``Field/mac``.
    public var mac: UInt64 = 0
    /// See ``Field/event``.
    public var event = RecordEvent.unspecified
    /// See ``Field/flags``.
    public var flags: RecordFlags = []
    /// See ``Field/clockOffset``.
    public var clockOffset: Int32 = 0
    /// See ``Field/clockTolerance``.
    public var clockTolerance: UInt32 = 0
    /// See ``Field/octetsIn``.
    public var octetsIn: UInt64 = 0
    /// See ``Field/octetsOut``.
    public var octetsOut: UInt64 = 0
    /// See ``Field/subject``.
    public var subject: Text
    /// See ``Field/source``.
    public var source: Text
    /// See ``Field/site``.
    public var site: Text
    /// See ``Field/accessPoint``.
    public var accessPoint: Text
    /// See ``Field/reference``.
    public var reference: Text
    /// See ``Field/payload``.
    public var payload: Text

    /// A record of nothing, with `nothing` in every octet string.
    public init(empty nothing: Text) {
        (subject, source, site, accessPoint, reference, payload) = (
            nothing, nothing, nothing, nothing, nothing, nothing
        )
    }
}

/// An octet string that a builder has taken in; good for that builder only.
public struct Token: Hashable, Sendable {
    let index: UInt32
    /// No octets.
    public static let none = Token(index: 0)
}

/// A record on its way into a segment.
public typealias NewRecord = AttributionRecord<Token>
/// A record out of a segment.
public typealias ArchivedRecord = AttributionRecord<[UInt8]>

extension AttributionRecord where Text == Token {
    /// A record of nothing.
    public init() { self.init(empty: .none) }
}

extension AttributionRecord where Text == [UInt8] {
    /// A record of nothing.
    public init() { self.init(empty: []) }
}
