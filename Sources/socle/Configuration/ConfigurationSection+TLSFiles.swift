import AccessService

extension ConfigurationSection {
    /// The files that one end of TLS is made of; those that must be there and are not named are faults.
    ///
    /// - Parameter peers: whose certificates the authorities vouch for, in words.
    mutating func tlsFiles(of peers: String) -> TLSFiles {
        var files = TLSFiles(certificate: "", key: "", authorities: "")
        let required: [(String, String, WritableKeyPath<TLSFiles, String>)] = [
            ("certificate", "the PEM file of our certificate chain", \.certificate),
            ("key", "the PEM file of its private key", \.key),
            ("authorities", "the PEM file of the authorities of \(peers)", \.authorities),
        ]
        for (key, meaning, path) in required {
            files[keyPath: path] = text(key, "")
            if files[keyPath: path].isEmpty { fault(key, "is missing: \(meaning)") }
        }
        let revocations = text("revocations", "")
        files.revocations = revocations.isEmpty ? nil : revocations
        return files
    }
}

extension TLSFiles {
    /// Makes the paths absolute.
    mutating func resolve(_ absolute: (inout String) -> Void) {
        for path in [\TLSFiles.certificate, \.key, \.authorities] where !self[keyPath: path].isEmpty {
            absolute(&self[keyPath: path])
        }
        guard var list = revocations else { return }
        absolute(&list)
        revocations = list
    }
}
