/// How an attribute's value is hidden on the wire, hop by hop: whoever forwards it must reveal and hide it anew.
public enum HiddenValue: Hashable, Sendable {
    /// As User-Password (RFC 2865 §5.2).
    case password
    /// Blocks of the same kind whose NULs at the end count: MS-CHAP-MPPE-Keys (RFC 2548 §2.4.1).
    case blocks
    /// Behind a salt (RFC 2868 §3.5), and behind a tag too if `isTagged`.
    case salted(isTagged: Bool)

    /// How a standard attribute is hidden; nil when it is not.
    public init?(_ type: AttributeType) {
        switch type {
        case .userPassword: self = .password
        case .tunnelPassword: self = .salted(isTagged: true)
        default: return nil
        }
    }

    /// How a vendor's attribute is hidden; nil when it is not, or we do not know.
    public init?(vendor: UInt32, type: UInt8) {
        switch (vendor, type) {
        case (MicrosoftAttribute.vendor, MicrosoftAttribute.msCHAPMPPEKeys.rawValue): self = .blocks
        case (MicrosoftAttribute.vendor, MicrosoftAttribute.mppeSendKey.rawValue),
            (MicrosoftAttribute.vendor, MicrosoftAttribute.mppeRecvKey.rawValue):
            self = .salted(isTagged: false)
        // Aruba-MPSK-Passphrase and Extreme-Libsip-Patron-Info.
        case (14823, 44), (26928, 3): self = .salted(isTagged: false)
        default: return nil
        }
    }
}
