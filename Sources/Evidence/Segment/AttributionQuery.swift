/// Who had this address, or was this device, at that time?
public struct AttributionQuery: Sendable, Equatable {
    /// The address by which the kind of segment is sorted, or a MAC address as a number in its low half.
    public let principal: NetworkAddress
    /// The public port, in kinds that have one; a block that holds it matches.
    public var port: UInt16?
    /// The transport protocol; a record of any transport (0) matches too.
    public var transport: UInt8?
    /// A record whose interval touches this one matches; milliseconds since 1970 UTC, both ends included.
    public var time: ClosedRange<Int64>

    /// By address.
    public init(_ address: NetworkAddress, port: UInt16? = nil, transport: UInt8? = nil, time: ClosedRange<Int64>) {
        (principal, self.port, self.transport, self.time) = (address, port, transport, time)
    }

    /// By MAC address, as a number of 48 bits.
    public init(mac: UInt64, time: ClosedRange<Int64>) {
        self.init(NetworkAddress(high: 0, low: mac & 0xffff_ffff_ffff), time: time)
    }

    /// Whether a block may hold a match: its order says so, and its times do not say no.
    func concerns(_ block: SegmentIndex.Block) -> Bool {
        guard block.earliest <= time.upperBound, block.latest >= time.lowerBound else { return false }
        let lowest = port.map { $0 - min($0, block.span) } ?? 0
        let least = SegmentIndex.Place(principal: principal, port: lowest)
        let most = SegmentIndex.Place(principal: principal, port: port ?? .max)
        return block.first <= most && block.last >= least
    }
}
