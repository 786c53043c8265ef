import COpenSSL

/// What a certificate may be used for (RFC 5280 §4.2.1.12).
public enum CertificatePurpose: String, Sendable, CaseIterable {
    /// The server's side of TLS: EAP, RadSec, HTTPS.
    case serverAuthentication
    /// The client's side of TLS: EAP-TLS, RadSec.
    case clientAuthentication

    /// libcrypto's name in an extension's value.
    var keyword: String {
        switch self {
        case .serverAuthentication: "serverAuth"
        case .clientAuthentication: "clientAuth"
        }
    }

    /// What a certificate allows; nil when it limits nothing.
    static func all(of x509: LibcryptoObject) -> Set<CertificatePurpose>? {
        guard X509_get_ext_by_NID(x509.pointer, NID_ext_key_usage, -1) >= 0 else { return nil }
        let bits = X509_get_extended_key_usage(x509.pointer)
        guard bits != UInt32.max else { return [] }
        return Set(
            allCases.filter { purpose in
                switch purpose {
                case .serverAuthentication: bits & UInt32(XKU_SSL_SERVER) != 0
                case .clientAuthentication: bits & UInt32(XKU_SSL_CLIENT) != 0
                }
            })
    }
}
