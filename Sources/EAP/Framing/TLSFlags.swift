/// The first octet after the type of EAP-TLS, TTLS and PEAP (RFC 5216 §3.1, RFC 5281 §9.1).
struct TLSFlags: OptionSet, Hashable {
    let rawValue: UInt8

    /// Four octets of the whole message's length follow.
    static let length = TLSFlags(rawValue: 0x80)
    /// More fragments follow.
    static let more = TLSFlags(rawValue: 0x40)
    /// The server starts.
    static let start = TLSFlags(rawValue: 0x20)
    /// The version of TTLS and PEAP: 0 is the only one here; reserved in EAP-TLS.
    static let versionBits: UInt8 = 0x07
}
