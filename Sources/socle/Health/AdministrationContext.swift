import Hummingbird
import NIOCore

/// What is known of a request to the admin port: besides the usual, whether it comes from this machine.
struct AdministrationContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let isLocal: Bool

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        isLocal = Self.isLoopback(source.channel.remoteAddress)
    }

    static func isLoopback(_ address: SocketAddress?) -> Bool {
        switch address {
        case .v4, .v6: isLoopback(address?.ipAddress ?? "")
        case .unixDomainSocket: true
        case nil: false
        }
    }

    static func isLoopback(_ address: String) -> Bool {
        address == "::1" || address.hasPrefix("127.") || address.lowercased().hasPrefix("::ffff:127.")
    }
}
