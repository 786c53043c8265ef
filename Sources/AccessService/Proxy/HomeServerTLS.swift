/// How a home server is reached over TLS (RFC 6614): its port, what we show and what we demand.
public struct HomeServerTLS: Hashable, Sendable {
    /// TCP port, of both services.
    public var port: UInt16
    /// Our certificate and its key, who vouches for the server, and what they have taken back.
    public var files: TLSFiles
    /// The name that the server's certificate must have; nil: the address.
    public var serverName: String?
    /// Whether RADIUS/1.1 is offered (RFC 9765), which the server may decline.
    public var offersVersion11 = true

    /// On the usual port.
    public init(port: UInt16 = 2083, files: TLSFiles, serverName: String? = nil) {
        (self.port, self.files, self.serverName) = (port, files, serverName)
    }
}
