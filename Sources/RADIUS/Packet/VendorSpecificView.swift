/// The content of a Vendor-Specific attribute (RFC 2865 §5.26): a vendor and, in the recommended layout of one octet of
/// type and one of length, that vendor's attributes. Vendors with another layout stay octets.
public struct VendorSpecificView {
    /// The vendor's SMI private enterprise number.
    public let vendor: UInt32
    /// The vendor's attributes.
    public let attributes: AttributeSequence

    /// Reads the value of a Vendor-Specific attribute.
    ///
    /// Throws `.vendorSpecificMalformed`, `.vendorAttributeTooShort` or `.vendorAttributeOverrun`, with the offset in the
    /// value; the packet around it is none the worse.
    public init(_ value: UnsafeRawBufferPointer) throws(RADIUSError) {
        guard value.count >= 6, value[0] == 0 else { throw RADIUSError(.vendorSpecificMalformed, at: 0) }
        var offset = 4
        while offset < value.count {
            guard value.count - offset >= 2, value[offset + 1] >= 2 else {
                throw RADIUSError(.vendorAttributeTooShort, at: offset)
            }
            let length = Int(value[offset + 1])
            guard length <= value.count - offset else { throw RADIUSError(.vendorAttributeOverrun, at: offset) }
            offset += length
        }
        vendor = UInt32(bigEndian: value.loadUnaligned(as: UInt32.self))
        attributes = AttributeSequence(validated: UnsafeRawBufferPointer(rebasing: value.dropFirst(4)))
    }
}
