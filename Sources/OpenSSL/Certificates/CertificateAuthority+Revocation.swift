import COpenSSL

extension CertificateAuthority {
    /// A signed list of everything that is taken back: each list replaces the one before, so it names all of them.
    ///
    /// `number` grows with every list. Throws `.profileInvalid` for a period that is none, or a date before 1970.
    public func revocationList(
        _ entries: [RevocationList.Entry], number: UInt64, validity: CertificateValidity
    ) throws(OpenSSLError) -> RevocationList {
        let operation = "make a revocation list"
        guard validity.isSound, entries.allSatisfy({ (0...CertificateValidity.latest).contains($0.revokedAt) }) else {
            throw OpenSSLError(.profileInvalid, operation)
        }
        let issuer = try certificate.x509()
        let list = try LibcryptoObject(X509_CRL_new(), .operationFailed, operation, free: { X509_CRL_free($0) })
        // 1 is version 2.
        try OpenSSLError.check(X509_CRL_set_version(list.pointer, 1), operation)
        try OpenSSLError.check(
            X509_CRL_set_issuer_name(list.pointer, X509_get_subject_name(issuer.pointer)), operation)
        try CertificateTime.with(validity.notBefore, operation) { X509_CRL_set1_lastUpdate(list.pointer, $0) }
        try CertificateTime.with(validity.notAfter, operation) { X509_CRL_set1_nextUpdate(list.pointer, $0) }
        for entry in entries { try Self.add(entry, to: list) }
        try OpenSSLError.check(X509_CRL_sort(list.pointer), operation)
        try OpenSSLError.check(socle_add_crl_authority(list.pointer, issuer.pointer), operation)
        guard let integer = ASN1_INTEGER_new() else { throw .libcrypto(.operationFailed, operation) }
        defer { ASN1_INTEGER_free(integer) }
        try OpenSSLError.check(ASN1_INTEGER_set_uint64(integer, number), operation)
        try OpenSSLError.check(X509_CRL_add1_ext_i2d(list.pointer, NID_crl_number, integer, 0, 0), operation)
        guard X509_CRL_sign(list.pointer, key.key.pointer, EVP_sha256()) > 0 else {
            throw .libcrypto(.operationFailed, operation)
        }
        return try RevocationList(der: derEncoding(operation) { i2d_X509_CRL(list.pointer, $0) })
    }

    private static func add(_ entry: RevocationList.Entry, to list: LibcryptoObject) throws(OpenSSLError) {
        let operation = "make a revocation list"
        guard let revoked = X509_REVOKED_new() else { throw .libcrypto(.operationFailed, operation) }
        var isOwned = false
        defer { if !isOwned { X509_REVOKED_free(revoked) } }
        try entry.serial.with(operation) { X509_REVOKED_set_serialNumber(revoked, $0) }
        try CertificateTime.with(entry.revokedAt, operation) { X509_REVOKED_set_revocationDate(revoked, $0) }
        // RFC 5280 §5.3.1: “unspecified” is said by saying nothing.
        if entry.reason != .unspecified {
            guard let value = ASN1_ENUMERATED_new() else { throw .libcrypto(.operationFailed, operation) }
            defer { ASN1_ENUMERATED_free(value) }
            try OpenSSLError.check(ASN1_ENUMERATED_set(value, entry.reason.rawValue), operation)
            try OpenSSLError.check(X509_REVOKED_add1_ext_i2d(revoked, NID_crl_reason, value, 0, 0), operation)
        }
        try OpenSSLError.check(X509_CRL_add0_revoked(list.pointer, revoked), operation)
        isOwned = true
    }
}
