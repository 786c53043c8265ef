internal import OpenSSL
internal import RADIUS

/// What stands for our own subjects in the networks of others: the Chargeable-User-Identity of an Access-Accept, for who
/// asks for one (RFC 4372 §2.1).
///
/// The same subject has the same one in one operator's network, at any time and on any node, and another in another's, so
/// that two operators cannot compare. It is a keyed digest, which tells who it is to nobody. Not Sendable: it belongs to one
/// packet thread.
final class ChargeableIdentities {
    /// Octets of the digest that are shown, each as two hexadecimal digits: 128 bits do not meet by accident.
    private static let digestLength = 16

    private let digest: HMACSHA256Context

    /// `key` is a sub-key of the installation.
    init(key: [UInt8]) throws(OpenSSLError) { digest = try HMACSHA256Context(key: key) }

    /// The identity of a subject, named by its Class, for the operator that a request names; nil when the request does not ask.
    ///
    /// What a NAS has kept from an earlier login asks too. It is not looked at: the login says who it is.
    func identity(of subject: [UInt8], for request: PacketView) -> ChargeableUserIdentity? {
        guard request.has(.chargeableUserIdentity), ChargeableUserIdentity(request) != nil else { return nil }
        digest.update(subject)
        digest.update(request.first(.operatorName)?.octets ?? [])
        let octets = digest.finish()
        guard !octets.isEmpty else { return nil }
        return .identity(octets.prefix(Self.digestLength).flatMap { [Self.digit($0 >> 4), Self.digit($0 & 15)] })
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }
}
