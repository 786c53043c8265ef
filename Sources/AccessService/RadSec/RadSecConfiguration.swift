/// RADIUS over TLS (RFC 6614): for NAS behind NAT, on dynamic addresses or across the Internet.
public struct RadSecConfiguration: Sendable {
    /// TCP port (RFC 6614 §2.1); 0 lets the kernel choose.
    public var port: UInt16 = 2083
    /// Our certificate, those that vouch for it, its key, and who vouches for the NAS: PEM files.
    public var files: TLSFiles
    /// Bounds and deadlines.
    public var limits = RadSecLimits()

    /// On the usual port.
    public init(files: TLSFiles) { self.files = files }

    func validate() -> [String] { limits.validate().map { "radSec.\($0)" } }
}

/// What one peer may take of us, in connections, octets and time.
public struct RadSecLimits: Sendable, Hashable {
    /// Connections in all, those in their handshake included.
    public var connections = 4096
    /// Connections of one certificate; a further one ends the oldest, which a NAS that restarted has forgotten.
    public var connectionsPerCertificate = 8
    /// From the connection to the end of the handshake.
    public var handshakeDeadline: Duration = .seconds(10)
    /// From a packet's first octet to its last.
    public var packetDeadline: Duration = .seconds(10)
    /// Without any packet; a NAS that keeps its connection sends Status-Server at half of this.
    public var idleLimit: Duration = .seconds(600)
    /// Octets that a peer may leave unread, beyond what the kernel keeps.
    public var outputBacklog = 1 << 20
    /// Requests of one connection that are not answered; more are not read until some are.
    public var requestsInFlight = 256

    /// The defaults.
    public init() {}

    func validate() -> [String] {
        var faults: [String] = []
        let counts = [
            ("connections", connections), ("connectionsPerCertificate", connectionsPerCertificate),
            ("requestsInFlight", requestsInFlight), ("outputBacklog", outputBacklog),
        ]
        for (key, value) in counts where value < 1 { faults.append("\(key): must be at least 1") }
        let times = [
            ("handshakeDeadline", handshakeDeadline), ("packetDeadline", packetDeadline), ("idleLimit", idleLimit),
        ]
        for (key, value) in times where value <= .zero { faults.append("\(key): must be longer than nothing") }
        return faults
    }
}
