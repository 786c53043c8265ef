internal import NIOCore
internal import NIOSSL

/// The names in the certificate that the other side showed, once TLS has verified it.
enum CertificateNames {
    /// DNS names (RFC 5425 §5.2, RFC 6125 §6.4), the first 32; none when it showed no certificate.
    static func of(_ context: ChannelHandlerContext) -> [String] {
        guard let certificate = try? context.channel.pipeline.syncOperations.nioSSL_peerCertificate() else { return [] }
        return certificate._subjectAlternativeNames().prefix(32).compactMap { name in
            guard case .dnsName = name.nameType else { return nil }
            return String(validating: Array(name.contents), as: UTF8.self)
        }
    }
}
