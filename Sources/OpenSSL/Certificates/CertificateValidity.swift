import COpenSSL

/// When a certificate or a revocation list is good, both ends included (RFC 5280 §4.1.2.5).
public struct CertificateValidity: Sendable, Hashable {
    /// The last instant a certificate can say: the end of the year 9999.
    public static let latest: Int64 = 253_402_300_799
    /// Seconds of one day.
    public static let day: Int64 = 86_400

    /// Seconds since 1970, UTC.
    public let notBefore: Int64
    /// Seconds since 1970, UTC.
    public let notAfter: Int64

    /// Both in seconds since 1970, UTC.
    public init(notBefore: Int64, notAfter: Int64) {
        (self.notBefore, self.notAfter) = (notBefore, notAfter)
    }

    /// So many days from `start`, in seconds since 1970. Out of range, it is a period that ``isSound`` refuses.
    public init(days: Int, from start: Int64) {
        let (seconds, isTooLong) = Int64(days).multipliedReportingOverflow(by: Self.day)
        let (end, isTooLate) = start.addingReportingOverflow(seconds)
        self.init(notBefore: start, notAfter: isTooLong || isTooLate ? .min : end)
    }

    /// From 1970 to 9999, and not ending before it starts.
    public var isSound: Bool { notBefore >= 0 && notBefore <= notAfter && notAfter <= Self.latest }

    /// Whether an instant, in seconds since 1970, is within.
    public func contains(_ instant: Int64) -> Bool { notBefore <= instant && instant <= notAfter }

    /// Whole and begun days.
    var days: Int64 { (notAfter - notBefore + Self.day - 1) / Self.day }
}

/// libcrypto's times.
enum CertificateTime {
    /// UTCTime until 2049, GeneralizedTime after (RFC 5280 §4.1.2.5), freed after `body`.
    static func with(
        _ instant: Int64, _ operation: String, _ body: (UnsafeMutablePointer<ASN1_TIME>) -> Int32
    ) throws(OpenSSLError) {
        guard let time = ASN1_TIME_set(nil, time_t(instant)) else { throw .libcrypto(.operationFailed, operation) }
        defer { ASN1_TIME_free(time) }
        try OpenSSLError.check(body(time), operation)
    }

    /// Seconds since 1970; nil for a time that is malformed.
    static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let time, let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_TIME_free(epoch) }
        var (days, seconds): (Int32, Int32) = (0, 0)
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else {
            ERR_clear_error()
            return nil
        }
        return Int64(days) * CertificateValidity.day + Int64(seconds)
    }
}
