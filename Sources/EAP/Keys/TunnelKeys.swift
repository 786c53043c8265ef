internal import OpenSSL

/// What is derived from a TLS session (RFC 5216 §2.3, RFC 5281 §8, RFC 9190 §2.3, RFC 9427 §2.1).
struct TunnelKeys {
    /// 64 octets each.
    let msk: [UInt8], emsk: [UInt8]
    /// 65 octets on TLS 1.3; nil on TLS 1.2, where nobody asks for it.
    let sessionID: [UInt8]?

    /// From an established session of the method of this one-octet type.
    init(_ session: TLSSession, type: EAPMethod) throws(TLSFailure) {
        let octet = type.octet ?? 0
        guard session.version == .tls13 else {
            let label = type == .ttls ? "ttls keying material" : "client EAP encryption"
            let material = try session.exportKeyingMaterial(label: label, length: 128)
            (msk, emsk, sessionID) = (Array(material[..<64]), Array(material[64...]), nil)
            return
        }
        let material = try session.exportKeyingMaterial(
            label: "EXPORTER_EAP_TLS_Key_Material", context: [octet], length: 128)
        (msk, emsk) = (Array(material[..<64]), Array(material[64...]))
        sessionID =
            [octet]
            + (try session.exportKeyingMaterial(label: "EXPORTER_EAP_TLS_Method-Id", context: [octet], length: 64))
    }

    /// 17 octets: a challenge of 16 and an identifier, which both ends of TTLS know without sending them
    /// (RFC 5281 §11.1).
    static func challenge(_ session: TLSSession) throws(TLSFailure) -> [UInt8] {
        try session.exportKeyingMaterial(label: "ttls challenge", length: 17)
    }
}
