/// The bounds of one conversation.
public enum EAPLimits {
    /// Octets of one EAP packet: a RADIUS packet of 4096 octets (RFC 2865 §3) carries no longer one.
    public static let maximumPacket = 4096

    /// Octets of an identity: an outer identity is also a RADIUS User-Name of at most 253 octets (RFC 3748 §5.1).
    public static let maximumIdentity = 253

    /// Octets of one TLS message put together from fragments: the bound RFC 5216 §2.1.5 names, 64 KiB.
    public static let maximumMessage = 65_536

    /// Exchanges in one conversation. A full PEAP login takes 12 with certificates of 4 KiB; a peer with a chain of
    /// 30 KiB in fragments of 1000 octets takes 40. Beyond that somebody keeps a conversation alive for its own sake.
    public static let maximumRounds = 50

    /// The least and the greatest octets of one of our EAP packets. Below 100 a handshake would take more rounds than
    /// there are; above 1400 the RADIUS packet around it would be fragmented by IP on an Ethernet path.
    public static let fragmentSizes = 100...1400

    /// Octets of our EAP packets when the NAS does not say a Framed-MTU (RFC 3579 §2.4): what fits everywhere.
    public static let defaultFragmentSize = 1020

    /// What fits a link of `framedMTU` octets: four are left for the EAPOL header (RFC 3579 §2.4).
    public static func fragmentSize(framedMTU: Int?) -> Int {
        guard let framedMTU else { return defaultFragmentSize }
        return min(max(framedMTU, fragmentSizes.lowerBound + 4) - 4, fragmentSizes.upperBound)
    }

    /// AVPs in one TTLS message: a login has four.
    static let maximumAVPs = 64

    /// Octets of a password inside the tunnel.
    static let maximumPassword = 256
}
