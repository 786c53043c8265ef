internal import RADIUS
internal import Territory

/// What one packet thread keeps of a NAS: its secret as reusable contexts and its counters.
final class GatewayState {
    let gateway: ServedNAS
    let secret: SharedSecret
    let tally: GatewayTally
    /// nil: the site or its package cannot be read.
    let decider: SiteDecider?
    private var lastPeer = PeerAddress()
    /// Whether requests without Message-Authenticator are dropped, as the metrics say it; nil: not said yet.
    private var toldProtection: Bool?

    init(_ gateway: ServedNAS) throws(RADIUSError) {
        self.gateway = gateway
        secret = try SharedSecret(gateway.nas.secret.bytes)
        decider = gateway.site.map(SiteDecider.init)
        tally = GatewayTally(gateway: gateway.nas.id.rawValue, name: gateway.nas.name)
    }

    /// What the attributes of its Access-Accepts have been lately.
    let replies = ReplyTemplate.Memory()

    /// The secret of every TLS connection, which protects nothing: TLS does (RFC 6614 §2.3).
    private(set) lazy var streamSecret = (try? SharedSecret(Self.streamSecretOctets)) ?? secret
    static let streamSecretOctets = Array("radsec".utf8)

    /// Applies the NAS's policy against forged replies (BlastRADIUS, CVE-2024-3596) to a request that has been verified
    /// as far as it can be; false: drop it silently, it has been counted.
    ///
    /// A request without Message-Authenticator that carries Proxy-State is dropped under every policy: those are the
    /// octets that the attack needs us to reflect, and whoever proxies can sign.
    func allows(_ packet: PacketView, _ proof: RequestProof) -> Bool {
        guard packet.code == .accessRequest else { return true }
        if proof == .messageAuthenticator {
            gateway.learnMessageAuthenticator()
            return true
        }
        if gateway.requiresMessageAuthenticator {
            tally.count(.missingMessageAuthenticator)
            return false
        }
        if packet.has(.proxyState) {
            tally.count(.proxyStateRefused)
            return false
        }
        return true
    }

    /// Adds what was counted to the metrics, and says when replies to the NAS have become proof against forgery.
    func flush() {
        tally.flush()
        let isProtected = gateway.requiresMessageAuthenticator
        guard toldProtection != isProtected else { return }
        toldProtection = isProtected
        tally.show(isProtected: isProtected)
    }

    /// Remembers where the NAS's requests come from, and to which of our addresses, for commands to it.
    func note(_ peer: PeerAddress, at bound: PeerAddress) {
        var peer = peer
        if peer.localHigh | peer.localLow == 0 { (peer.localHigh, peer.localLow) = (bound.high, bound.low) }
        let isKnown =
            peer.high == lastPeer.high && peer.low == lastPeer.low && peer.localHigh == lastPeer.localHigh
            && peer.localLow == lastPeer.localLow
        guard !isKnown else { return }
        lastPeer = peer
        gateway.peer = peer
    }
}
