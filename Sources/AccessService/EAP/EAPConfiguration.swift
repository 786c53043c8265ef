internal import EAP
internal import OpenSSL

/// EAP, for access points with WPA-Enterprise: the files of the server's certificate and what is offered.
///
/// The files are read again when they change; see ``AccessConfiguration/eap``.
public struct EAPConfiguration: Sendable {
    /// Our certificate, then the intermediate ones, PEM.
    public var certificatePath: String
    /// Its private key, PEM without a passphrase.
    public var keyPath: String
    /// The authorities that sign the devices' certificates, PEM; nil: EAP-TLS is not offered.
    public var clientAuthorityPath: String?
    /// Their revocation lists, PEM; nil: no certificate of a device is taken for revoked.
    public var revocationListPath: String?
    /// `ttls`, `peap`, `tls`; the preferred first.
    public var methods: [String] = ["ttls", "peap", "tls"]
    /// `1.2` and `1.3`.
    public var tlsVersions: [String] = ["1.2", "1.3"]
    /// Conversations under way at most, about 45 kB each.
    public var conversations = 4096
    /// How long a peer may be silent.
    public var silence: Duration = .seconds(30)
    /// Threads for the handshakes; nil: half the cores, at least one.
    public var threads: Int?
    /// Packets that may wait for a thread.
    public var capacity = 4096
    /// How long a session may be resumed after its login, at most a week.
    public var resumption: Duration = .seconds(24 * 3600)

    /// EAP with these files.
    public init(certificatePath: String, keyPath: String) {
        (self.certificatePath, self.keyPath) = (certificatePath, keyPath)
    }

    /// All faults, each with its key.
    func validate() -> [String] {
        var faults: [String] = []
        if methods.isEmpty { faults.append("eap.methods: at least one is needed") }
        for method in methods where EAPServerMethod(rawValue: method) == nil {
            faults.append("eap.methods: \(method) is none of ttls, peap, tls")
        }
        if Set(methods).count != methods.count { faults.append("eap.methods: the same twice") }
        if tlsVersions.isEmpty { faults.append("eap.tlsVersions: at least one is needed") }
        for version in tlsVersions where Self.version(version) == nil {
            faults.append("eap.tlsVersions: \(version) is none of 1.2, 1.3")
        }
        for (key, value) in [("eap.conversations", conversations), ("eap.capacity", capacity)] where value < 1 {
            faults.append("\(key): must be at least 1")
        }
        if silence < .seconds(1) { faults.append("eap.silence: must be at least a second") }
        if resumption < .seconds(0) || resumption > .seconds(TLSTicketKeys.longestLifetimeSeconds) {
            faults.append("eap.resumption: must be at most 7 days")
        }
        return faults
    }

    private static func version(_ text: String) -> TLSVersion? {
        switch text {
        case "1.2": .tls12
        case "1.3": .tls13
        default: nil
        }
    }

    /// The least to the greatest version; nil when none is named.
    var versions: ClosedRange<TLSVersion>? {
        let versions = tlsVersions.compactMap(Self.version)
        guard let least = versions.min(), let greatest = versions.max() else { return nil }
        return least...greatest
    }

    /// The methods that can be offered: EAP-TLS needs authorities to trust.
    var offered: [EAPServerMethod] {
        methods.compactMap(EAPServerMethod.init).filter { $0 != .tls || clientAuthorityPath != nil }
    }
}
