internal import RADIUS
internal import Territory

/// The device that a request is about, as a number to compare by: no text is made of it on the packet threads.
struct CallingStation: Equatable {
    /// Its address; nil where the NAS sent something else.
    let address: MACAddress?
    /// The address, or a digest of the text under a seed of this process.
    let number: UInt64

    /// Reads Calling-Station-Id; nil where there is none.
    init?(_ packet: PacketView) {
        guard let octets = packet.first(.callingStationID)?.value, !octets.isEmpty else { return nil }
        self.init(octets)
    }

    /// Reads what accounting told.
    init(_ text: String) {
        var text = text
        self = text.withUTF8 { CallingStation(UnsafeRawBufferPointer($0)) }
    }

    private init(_ octets: UnsafeRawBufferPointer) {
        address = Self.address(octets)
        if let address {
            // Apart from every digest.
            number = address.rawValue | 1 << 63
        } else {
            var hasher = Hasher()
            hasher.combine(bytes: octets)
            number = UInt64(truncatingIfNeeded: hasher.finalize()) & ~(1 << 63)
        }
    }

    private static func address(_ octets: UnsafeRawBufferPointer) -> MACAddress? {
        if let address = MACAddress(ascii: octets) { return address }
        // Some access points append the SSID, `AA-BB-CC-DD-EE-FF:SSID`.
        let length = MACAddress.longestSpelling
        guard octets.count > length, octets[length] == UInt8(ascii: ":") else { return nil }
        return MACAddress(ascii: UnsafeRawBufferPointer(rebasing: octets[..<length]))
    }

    static func == (left: Self, right: Self) -> Bool { left.number == right.number }
}
