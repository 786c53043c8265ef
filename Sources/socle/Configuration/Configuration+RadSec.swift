import AccessService

extension Configuration.Access {
    /// RADIUS over TLS: for gateways behind NAT, on dynamic addresses or across the Internet.
    struct RadSec: Equatable, Sendable {
        var port = 2083
        /// Our certificate, who vouches for the gateways, and what they have taken back.
        var files = TLSFiles(certificate: "", key: "", authorities: "")
        /// How often gateways say that they are there; one silent for twice this is cut.
        var statusInterval = Duration.seconds(300)
        var connections = 4096
        var connectionsPerCertificate = 8

        /// The files of the section, to be made absolute.
        mutating func resolvePaths(_ absolute: (inout String) -> Void) { files.resolve(absolute) }

        /// What the daemon is told.
        var service: RadSecConfiguration {
            var told = RadSecConfiguration(files: files)
            told.port = UInt16(clamping: port)
            told.limits.idleLimit = statusInterval * 2
            told.limits.connections = connections
            told.limits.connectionsPerCertificate = connectionsPerCertificate
            return told
        }

        /// nil: there is no such section.
        static func read(_ source: ConfigurationSection) -> Self? {
            var section = source
            guard section.isPresent else { return nil }
            var radsec = Self()
            radsec.port = section.integer("port", radsec.port, in: 1...65535)
            radsec.files = section.tlsFiles(of: "the gateways' certificates")
            radsec.statusInterval = section.duration(
                "status_interval", radsec.statusInterval, in: .seconds(5) ... .seconds(86_400))
            radsec.connections = section.integer("connections", radsec.connections, in: 1...100_000)
            radsec.connectionsPerCertificate = section.integer(
                "connections_per_certificate", radsec.connectionsPerCertificate, in: 1...1000)
            section.finish()
            return radsec
        }

        /// For `check-config --show`.
        var summary: String { "port \(port), certificate \(files.certificate), authorities \(files.authorities)" }
    }
}
