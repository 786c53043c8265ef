import COpenSSL

extension TLSSession {
    /// Whether a part of a record has been received and its end has not: of a peer that sends octet by octet, this stays
    /// true for long.
    public var holdsPartialRecord: Bool { BIO_ctrl_pending(input) > 0 || SSL_has_pending(ssl) == 1 }
}
