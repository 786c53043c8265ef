public import Evidence
public import Territory

/// What the retention daemon is told.
public struct RetentionConfiguration: Sendable {
    /// An address and a port; 0: any free port, for tests.
    public struct Listening: Sendable, Hashable {
        /// Numeric, IPv4 or IPv6.
        public var host: String
        /// 0 … 65 535.
        public var port: Int

        /// An address and a port.
        public init(host: String, port: Int) { (self.host, self.port) = (host, port) }
    }

    /// Syslog over TLS with certificates both ways (RFC 5425). PEM files.
    public struct TLS: Sendable, Hashable {
        /// Where.
        public var listening: Listening
        /// Our certificate with its chain.
        public var certificate: String
        /// Its key.
        public var key: String
        /// Who vouches for the senders.
        public var authorities: String

        /// These files.
        public init(listening: Listening, certificate: String, key: String, authorities: String) {
            (self.listening, self.certificate, self.key) = (listening, certificate, key)
            self.authorities = authorities
        }
    }

    /// The archive's directory, absolute.
    public var directory: String
    /// The policy that records are written under.
    public var policy: RetentionPolicy
    /// To whom data keys are wrapped.
    public var recipients: Recipients
    /// What signs the log.
    public var signer: NoteSigner
    /// Syslog over UDP.
    public var syslogUDP: [Listening] = []
    /// Syslog over TCP.
    public var syslogTCP: [Listening] = []
    /// Syslog over TLS.
    public var syslogTLS: [TLS] = []
    /// NetFlow v9 and IPFIX.
    public var flows: [Listening] = []
    /// Octets of a message at most: 480 … 1 048 576 (RFC 5424 §6.1 asks for 480 at least).
    public var maximumMessage = 65_536
    /// The bounds of what is open at a time.
    public var limits = ArchiveLimits()

    /// An archive that listens nowhere.
    public init(directory: String, policy: RetentionPolicy, recipients: Recipients, signer: NoteSigner) {
        (self.directory, self.policy, self.recipients, self.signer) = (directory, policy, recipients, signer)
    }
}
