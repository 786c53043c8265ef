import AccessService
import Foundation

extension Configuration {
    /// EAP, for access points with WPA-Enterprise.
    struct EAP: Equatable, Sendable {
        /// The certificate chain and its key, PEM; read again when the files change.
        var certificateFile: String
        var keyFile: String
        /// Who signs the devices' certificates, and what they have taken back; nil: no EAP-TLS, nothing revoked.
        var clientAuthorityFile: String?
        var revocationListFile: String?
        var methods = ["ttls", "peap", "tls"]
        var tlsVersions = ["1.2", "1.3"]

        /// Reads `access.eap`; nil without that section.
        init?(_ source: ConfigurationSection) {
            var section = source
            defer { section.finish() }
            guard section.isPresent else { return nil }
            certificateFile = section.text("certificate", "")
            keyFile = section.text("key", "")
            if certificateFile.isEmpty {
                section.fault("certificate", "is missing: the PEM file of the certificate chain")
            }
            if keyFile.isEmpty { section.fault("key", "is missing: the PEM file of the private key") }
            clientAuthorityFile = section.file("client_ca")
            revocationListFile = section.file("crl")
            let (methods, versions) = (self.methods, tlsVersions)
            self.methods = section.list("methods", methods, expected: "one of ttls, peap, tls", methods.contains)
            tlsVersions = section.list("tls_versions", versions, expected: "one of 1.2, 1.3", versions.contains)
            if self.methods == ["tls"], clientAuthorityFile == nil {
                section.fault(
                    "client_ca", "is missing: EAP-TLS needs the authority that signs the devices' certificates")
            }
        }

        /// Makes the paths absolute.
        mutating func resolve(_ absolute: (inout String) -> Void) {
            absolute(&certificateFile)
            absolute(&keyFile)
            if var path = clientAuthorityFile {
                absolute(&path)
                clientAuthorityFile = path
            }
            if var path = revocationListFile {
                absolute(&path)
                revocationListFile = path
            }
        }

        /// What the access daemon is told.
        var service: EAPConfiguration {
            var told = EAPConfiguration(certificatePath: certificateFile, keyPath: keyFile)
            told.clientAuthorityPath = clientAuthorityFile
            told.revocationListPath = revocationListFile
            (told.methods, told.tlsVersions) = (methods, tlsVersions)
            return told
        }
    }
}

extension ConfigurationSection {
    /// A path that need not be there.
    fileprivate mutating func file(_ key: String) -> String? {
        value(key, nil, expected: "a path") { $0.isEmpty ? nil : .some($0) }
    }
}
