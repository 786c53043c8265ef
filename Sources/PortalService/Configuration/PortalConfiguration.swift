/// How the portal listens and what it says of its operator. Every field has a default that works on one machine.
public struct PortalConfiguration: Sendable {
    /// Where to listen.
    public struct Listener: Sendable, Equatable {
        /// An address or host name; `::` takes IPv6 and IPv4.
        public var host: String
        /// 0 lets the kernel choose.
        public var port: Int

        /// A listener.
        public init(host: String = "::", port: Int) { (self.host, self.port) = (host, port) }
    }

    /// Certificate and key of the HTTPS listener, PEM files. They are read again when they change.
    public struct Certificate: Sendable, Equatable {
        /// The certificate and those between it and the root.
        public var chainFile: String
        /// Its private key.
        public var keyFile: String

        /// A pair of files.
        public init(chainFile: String, keyFile: String) { (self.chainFile, self.keyFile) = (chainFile, keyFile) }
    }

    /// Plain HTTP, where gateways redirect devices to; nil: not served.
    public var http: Listener?
    /// HTTPS; served only with a certificate.
    public var https: Listener?
    /// Nil: no HTTPS.
    public var certificate: Certificate?
    /// The folder with `messages` and `pages`.
    public var textsDirectory: String
    /// Whether `X-Forwarded-For` and `X-Forwarded-Proto` are believed: only behind a proxy that sets them.
    public var trustsForwardedHeaders: Bool
    /// The address visitors reach us at, `https://portail.example.fr`; nil: what their browser asked for.
    public var publicOrigin: String?
    /// How a UAM gateway is given the password: CHAP unless it cannot.
    public var uamMethod: UAMMethod
    /// Names of gateways that are no private addresses (a hotspot with its own certificate).
    public var gatewayHosts: [String]
    /// Connections open at once, both listeners together; more wait in the kernel.
    public var maximumConnections: Int
    /// An idle connection is closed after that time.
    public var idleTimeout: Duration
    /// How long a database query may take before the visitor is told to try again.
    public var databaseTimeout: Duration
    /// Who answers visitors: an address or telephone number; nil: the desk of the place.
    public var contact: String?
    /// How the data protection officer is reached; nil: through the desk.
    public var dataProtectionOfficer: String?
    /// Compliance with the RGAA as declared.
    public var conformity: Conformity

    /// Defaults: HTTP on 8080, HTTPS on 8443 once there is a certificate, texts from `config/portal`.
    public init(
        http: Listener? = Listener(port: 8080), https: Listener? = Listener(port: 8443),
        certificate: Certificate? = nil, textsDirectory: String = "config/portal",
        trustsForwardedHeaders: Bool = false, publicOrigin: String? = nil, uamMethod: UAMMethod = .chap,
        gatewayHosts: [String] = [],
        maximumConnections: Int = 10_000, idleTimeout: Duration = .seconds(60), databaseTimeout: Duration = .seconds(5),
        contact: String? = nil, dataProtectionOfficer: String? = nil, conformity: Conformity = .none
    ) {
        (self.http, self.https, self.certificate) = (http, https, certificate)
        (self.textsDirectory, self.trustsForwardedHeaders) = (textsDirectory, trustsForwardedHeaders)
        // An address with a path or a final slash is taken for its origin.
        self.publicOrigin = publicOrigin.flatMap { WebAddress($0)?.origin }
        (self.uamMethod, self.gatewayHosts) = (uamMethod, gatewayHosts)
        (self.maximumConnections, self.idleTimeout) = (maximumConnections, idleTimeout)
        self.databaseTimeout = databaseTimeout
        (self.contact, self.dataProtectionOfficer) = (contact, dataProtectionOfficer)
        self.conformity = conformity
    }
}
