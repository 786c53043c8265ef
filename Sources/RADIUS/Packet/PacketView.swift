/// A received packet, checked as a whole and read in place.
///
/// Parsing walks the attributes once, allocates nothing and never traps on any octets; afterwards every attribute lies
/// inside the packet, and the first one of each type is found without a search. The view is valid while the buffer it was
/// made from is, and is not `Sendable`: copy out what must live longer. Nothing is known about who sent it before
/// ``SharedSecret/verify(request:)``.
public struct PacketView {
    /// The packet, exactly as long as its Length field says: octets behind it are padding (RFC 2865 §3).
    public let bytes: UnsafeRawBufferPointer
    /// The authenticator in its header.
    public let authenticator: Authenticator
    /// How many attributes it has.
    public let attributeCount: Int
    /// Which protocol its header follows.
    public let version: ProtocolVersion

    // The offset of the first attribute of each type; 0, which is inside the header, where there is none.
    private let firstOffset: InlineArray<256, UInt16>

    /// Checks a datagram.
    ///
    /// Throws the reason why it must be silently discarded, with the octet where the fault is: the header's and
    /// attributes' codes of ``RADIUSError/Code`` and the two about a misshapen Message-Authenticator, which RADIUS/1.1
    /// ignores in whatever shape (RFC 9765 §5.2).
    public init(
        _ datagram: UnsafeRawBufferPointer, version: ProtocolVersion = .radius10
    ) throws(RADIUSError) {
        let headerLength = PacketLimits.headerLength
        guard datagram.count >= headerLength else { throw RADIUSError(.datagramTooShort, at: datagram.count) }
        let length = Int(datagram[2]) << 8 | Int(datagram[3])
        guard length >= headerLength else { throw RADIUSError(.lengthTooShort, at: 2) }
        guard length <= PacketLimits.maximumLength else { throw RADIUSError(.lengthTooLong, at: 2) }
        guard length <= datagram.count else { throw RADIUSError(.lengthBeyondDatagram, at: 2) }
        guard let authenticator = Authenticator(UnsafeRawBufferPointer(rebasing: datagram[4..<headerLength])) else {
            throw RADIUSError(.datagramTooShort, at: datagram.count)
        }
        let bytes = UnsafeRawBufferPointer(rebasing: datagram[..<length])
        var firstOffset = InlineArray<256, UInt16>(repeating: 0)
        var offset = headerLength
        var count = 0
        while offset < length {
            let next = try Self.attributeEnd(in: bytes, at: offset)
            count += 1
            guard count <= PacketLimits.maximumAttributes else { throw RADIUSError(.tooManyAttributes, at: offset) }
            let type = Int(bytes[offset])
            if type == Int(AttributeType.messageAuthenticator.rawValue), version == .radius10 {
                guard next - offset == 18 else { throw RADIUSError(.messageAuthenticatorLength, at: offset) }
                guard firstOffset[type] == 0 else { throw RADIUSError(.messageAuthenticatorRepeated, at: offset) }
            }
            if firstOffset[type] == 0 { firstOffset[type] = UInt16(truncatingIfNeeded: offset) }
            offset = next
        }
        (self.bytes, self.authenticator, self.attributeCount) = (bytes, authenticator, count)
        (self.firstOffset, self.version) = (firstOffset, version)
    }

    private static func attributeEnd(in bytes: UnsafeRawBufferPointer, at offset: Int) throws(RADIUSError) -> Int {
        guard bytes.count - offset >= 2 else { throw RADIUSError(.attributeTruncated, at: offset) }
        guard bytes[offset] != 0 else { throw RADIUSError(.attributeTypeZero, at: offset) }
        let length = Int(bytes[offset + 1])
        guard length >= 2 else { throw RADIUSError(.attributeTooShort, at: offset) }
        guard length <= bytes.count - offset else { throw RADIUSError(.attributeOverrun, at: offset) }
        return offset + length
    }

    /// What the packet is.
    public var code: PacketCode { PacketCode(rawValue: bytes[0]) }

    /// The identifier that pairs requests and replies.
    public var identifier: UInt8 { bytes[1] }

    /// What pairs requests and replies in RADIUS/1.1 (RFC 9765 §4.1): the first four octets of the authenticator's place.
    public var token: UInt32 { authenticator.token }

    /// All attributes in order.
    public var attributes: AttributeSequence {
        AttributeSequence(validated: UnsafeRawBufferPointer(rebasing: bytes.dropFirst(PacketLimits.headerLength)))
    }

    /// The first attribute of a type.
    public func first(_ type: AttributeType) -> AttributeView? {
        guard let offset = offset(of: type) else { return nil }
        let end = offset + Int(bytes[offset + 1])
        return AttributeView(type: type.rawValue, encoded: UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
    }

    /// Whether there is an attribute of a type.
    public func has(_ type: AttributeType) -> Bool { offset(of: type) != nil }

    /// The first attribute of a vendor's type, in any Vendor-Specific attribute that can be read.
    public func first(vendor: UInt32, type: UInt8) -> AttributeView? {
        guard has(.vendorSpecific) else { return nil }
        for attribute in attributes where attribute.type == .vendorSpecific {
            guard let specific = try? VendorSpecificView(attribute.value), specific.vendor == vendor else { continue }
            for inner in specific.attributes where inner.type.rawValue == type { return inner }
        }
        return nil
    }

    /// Where the first attribute of a type begins.
    func offset(of type: AttributeType) -> Int? {
        let offset = Int(firstOffset[Int(type.rawValue)])
        return offset == 0 ? nil : offset
    }
}
