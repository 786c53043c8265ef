import Foundation
import OpenSSL

extension FileChecks {
    /// The certificate of EAP: there, readable, of the same key, and not about to expire.
    func serverCertificate() -> [Finding] {
        guard let eap = configuration.access.eap else { return [] }
        let subject = "access.eap"
        func octets(_ path: String) -> [UInt8] { FileManager.default.contents(atPath: path).map([UInt8].init) ?? [] }
        guard let certificate = try? Certificate(pem: octets(eap.certificateFile)) else {
            return [
                .fault(
                    subject, "the certificate \(eap.certificateFile) cannot be read",
                    mend: "name a PEM file, readable by the access daemon's user")
            ]
        }
        guard let key = try? PrivateKey(pem: octets(eap.keyFile)), key.belongs(to: certificate) else {
            return [
                .fault(
                    subject, "the key \(eap.keyFile) cannot be read or is another certificate's",
                    mend: "name the key that the certificate was made for, PEM without a passphrase")
            ]
        }
        return [Self.serverExpiry(Date(timeIntervalSince1970: TimeInterval(certificate.validity.notAfter)), now: now)]
    }

    /// Devices refuse an expired one without a word to their owners, so it is told of thirty days ahead.
    static func serverExpiry(_ end: Date, now: Date) -> Finding {
        let days = Int((end.timeIntervalSince(now) / 86_400).rounded(.down))
        let mend = "renew it with `socle pki server`; the access daemon notices by itself"
        if end <= now {
            return .fault("access.eap", "the certificate has expired on \(end.formatted(.iso8601))", mend: mend)
        }
        if days < 30 { return .warning("access.eap", "the certificate expires in \(days) days", mend: mend) }
        return .fine("access.eap", "the certificate is good for \(days) days")
    }
}
