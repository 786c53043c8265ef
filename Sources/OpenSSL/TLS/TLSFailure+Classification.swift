import COpenSSL

extension TLSFailure {
    /// What libssl's error queue, the verification of the peer and the alert say together. The alert that was received
    /// comes first: errors after it are only its consequence.
    static func classified(_ ssl: OpaquePointer, _ alert: TLSAlert?) -> TLSFailure {
        let error = ERR_peek_error()
        let reason = error == 0 ? nil : ERR_reason_error_string(error).map { String(cString: $0) }
        let number = ERR_GET_REASON(error)
        let code: Code =
            if alert?.direction == .received {
                .alertReceived
            } else if ERR_GET_LIB(error) == ERR_LIB_SSL {
                number == SSL_R_CERTIFICATE_VERIFY_FAILED
                    ? verification(Int32(truncatingIfNeeded: SSL_get_verify_result(ssl))) : handshake(number)
            } else {
                number == ERR_R_MALLOC_FAILURE ? .operationFailed : .protocolViolation
            }
        return TLSFailure(code, alert: alert, reason: reason)
    }

    private static func handshake(_ reason: Int32) -> Code {
        switch reason {
        case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: .certificateMissing
        case SSL_R_NO_APPLICATION_PROTOCOL: .applicationProtocolMismatch
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_NO_PROTOCOLS_AVAILABLE, SSL_R_UNKNOWN_PROTOCOL,
            SSL_R_UNSUPPORTED_SSL_VERSION, SSL_R_WRONG_SSL_VERSION, SSL_R_BAD_PROTOCOL_VERSION_NUMBER:
            .versionMismatch
        case SSL_R_NO_SHARED_CIPHER, SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS, SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM,
            SSL_R_NO_SUITABLE_KEY_SHARE, SSL_R_NO_SHARED_GROUPS, SSL_R_NO_CIPHERS_SPECIFIED, SSL_R_BAD_KEY_SHARE:
            .parametersMismatch
        case SSL_R_CA_KEY_TOO_SMALL, SSL_R_CA_MD_TOO_WEAK, SSL_R_EE_KEY_TOO_SMALL: .certificateInvalid
        default: .protocolViolation
        }
    }

    private static func verification(_ result: Int32) -> Code {
        switch result {
        case X509_V_ERR_CERT_HAS_EXPIRED: .certificateExpired
        case X509_V_ERR_CERT_NOT_YET_VALID: .certificateNotYetValid
        case X509_V_ERR_CERT_REVOKED: .certificateRevoked
        case X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID,
            X509_V_ERR_CRL_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
            .revocationUnknown
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .certificateNameMismatch
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_CERT_UNTRUSTED, X509_V_ERR_CERT_SIGNATURE_FAILURE:
            .certificateUntrusted
        default: .certificateInvalid
        }
    }
}
