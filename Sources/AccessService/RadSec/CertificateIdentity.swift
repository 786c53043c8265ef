internal import OpenSSL

/// Which names of a certificate a peer may be known by.
enum CertificateIdentity {
    /// The DNS names and realms among the subject alternative names (RFC 6614 §2.3, RFC 7585 §2.2) in lower case and in
    /// order, or the common name where there are none of either. Any of them must belong to a NAS.
    static func names(of certificate: Certificate) -> [String] {
        let alternatives = certificate.alternativeNames.compactMap { name -> String? in
            switch name {
            case .dns(let name), .naiRealm(let name): name.lowercased()
            case .email, .uri, .address, .userPrincipalName: nil
            }
        }
        if !alternatives.isEmpty { return alternatives }
        return certificate.commonName.map { [$0.lowercased()] } ?? []
    }
}
