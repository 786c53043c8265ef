/// Sixteen random octets that name a segment.
public struct SegmentID: Hashable, Sendable, CustomStringConvertible {
    /// The octets; always 16.
    public let octets: [UInt8]

    /// A fresh one.
    public static func random() -> SegmentID { SegmentID(unchecked: DataKey.random(16)) }

    /// From exactly 16 octets.
    public init?(_ octets: some Collection<UInt8>) {
        guard octets.count == 16 else { return nil }
        self.octets = [UInt8](octets)
    }

    /// From 32 lower-case hexadecimal digits.
    public init?(text: some StringProtocol) {
        guard let octets = Hexadecimal.octets(text) else { return nil }
        self.init(octets)
    }

    private init(unchecked octets: [UInt8]) { self.octets = octets }

    /// 32 lower-case hexadecimal digits.
    public var description: String { Hexadecimal.text(octets) }
}
