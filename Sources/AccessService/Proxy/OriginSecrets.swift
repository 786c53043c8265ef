internal import RADIUS
internal import Territory

/// The secrets of the NAS whose requests the proxy's thread carries, ready to use.
///
/// Bound: `capacity`; when full, all are made anew as they are needed. Not Sendable: a secret belongs to one thread.
final class OriginSecrets {
    private static let capacity = 8192
    private var secrets: [ObjectIdentifier: (gateway: ServedNAS, secret: SharedSecret)] = [:]

    private lazy var streams = try? SharedSecret(GatewayState.streamSecretOctets)

    /// What a request is hidden with: the secret of its NAS, or that of all TLS connections.
    func secret(of request: DeferredRequest) -> SharedSecret? {
        switch request.origin {
        case .datagram: secret(of: request.gateway)
        case .stream: streams
        }
    }

    /// The secret of a NAS; nil when libcrypto refuses. A NAS that has changed is another object.
    private func secret(of gateway: ServedNAS) -> SharedSecret? {
        let key = ObjectIdentifier(gateway)
        // Kept beside its secret, so that no other NAS can get its identity.
        if let known = secrets[key] { return known.secret }
        guard let secret = try? SharedSecret(gateway.nas.secret.bytes) else { return nil }
        if secrets.count >= Self.capacity { secrets.removeAll(keepingCapacity: true) }
        secrets[key] = (gateway, secret)
        return secret
    }
}
