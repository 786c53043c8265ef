extension Configuration {
    /// The legal archive.
    struct Retention: Equatable, Sendable {
        /// Syslog over TLS.
        struct TLS: Equatable, Sendable {
            var listen: ListenAddress
            var certificateFile: String
            var keyFile: String
            var authoritiesFile: String
        }

        var directory = "/var/lib/socle/archive"
        var policyFile = "retention/france.yaml"
        /// What signs the log; private.
        var logKeyFile = ""
        /// To whom records are sealed; public halves.
        var auditorFile = ""
        var officerFiles: [String] = []
        var syslogUDP: [ListenAddress] = []
        var syslogTCP: [ListenAddress] = []
        var syslogTLS: TLS?
        var flows: [ListenAddress] = []
        var sealAfter = Duration.seconds(3_600)
        var maximumMessage = 65_536

        /// nil: there is no such section, and no archive.
        static func read(_ source: ConfigurationSection) -> Self? {
            var section = source
            guard section.isPresent else { return nil }
            var retention = Self()
            retention.directory = section.text("directory", retention.directory)
            retention.policyFile = section.text("policy", retention.policyFile)
            let files: [(String, String, WritableKeyPath<Self, String>)] = [
                ("log_key", "the key that signs the log, from socle archive key --role log", \.logKeyFile),
                (
                    "auditor", "the public half of the auditor's key, from socle archive key --role auditor",
                    \.auditorFile
                ),
            ]
            for (key, meaning, path) in files {
                retention[keyPath: path] = section.text(key, "")
                if retention[keyPath: path].isEmpty { section.fault(key, "is missing: \(meaning)") }
            }
            retention.officerFiles = section.list("officers", [], expected: "the file of a public key") { !$0.isEmpty }
            if Set(retention.officerFiles).count != 3 || retention.officerFiles.count != 3 {
                section.fault(
                    "officers", "wants three different public keys, of whom any two open the archive together")
            }
            retention.sealAfter = section.duration(
                "seal_after", retention.sealAfter, in: .seconds(60) ... .seconds(86_400))
            retention.maximumMessage = section.bytes("maximum_message", retention.maximumMessage, in: 480...(1 << 20))
            retention.readListeners(&section)
            section.finish()
            return retention
        }

        private mutating func readListeners(_ section: inout ConfigurationSection) {
            var syslog = section.section("syslog")
            syslogUDP = syslog.addresses("udp")
            syslogTCP = syslog.addresses("tcp")
            var tls = syslog.section("tls")
            if tls.isPresent {
                let listen = tls.listen("listen", ListenAddress(host: "::", port: 6514))
                var files: [String] = []
                for key in ["certificate", "key", "authorities"] {
                    files.append(tls.text(key, ""))
                    if files.last == "" { tls.fault(key, "is missing: a PEM file") }
                }
                syslogTLS = TLS(
                    listen: listen, certificateFile: files[0], keyFile: files[1], authoritiesFile: files[2])
            }
            tls.finish()
            syslog.finish()
            flows = section.addresses("flows")
        }

        /// The files of the section, to be made absolute.
        mutating func resolvePaths(_ absolute: (inout String) -> Void) {
            absolute(&directory)
            absolute(&policyFile)
            absolute(&logKeyFile)
            absolute(&auditorFile)
            for index in officerFiles.indices { absolute(&officerFiles[index]) }
            guard var tls = syslogTLS else { return }
            absolute(&tls.certificateFile)
            absolute(&tls.keyFile)
            absolute(&tls.authoritiesFile)
            syslogTLS = tls
        }
    }
}

extension ConfigurationSection {
    /// Addresses to listen on; none where the key is absent.
    fileprivate mutating func addresses(_ key: String) -> [ListenAddress] {
        list(key, [], expected: "an address and port such as 192.0.2.1:514 or [::]:514") { ListenAddress($0) != nil }
            .compactMap { ListenAddress($0) }
    }
}
