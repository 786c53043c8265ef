import OpenSSL

extension Failure {
    /// What a refusal of the certificate library means at a prompt.
    init(_ error: OpenSSLError) {
        switch error.code {
        case .profileInvalid: self.init(.data, "not acceptable: \(error.operation)")
        case .certificateMalformed: self.init(.data, "damaged, or not what it should be: \(error.operation)")
        case .passphraseWrong: self.init(.permission, "another passphrase is needed: \(error.operation)")
        case .keyMismatch: self.init(.data, "certificate and private key do not fit: \(error.operation)")
        default: self.init(.software, error.description)
        }
    }
}
