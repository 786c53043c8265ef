import Foundation

/// The ports of one installation.
struct Ports: Sendable {
    let authentication: UInt16
    let accounting: UInt16
    let portal: UInt16
    let portalTLS: UInt16
    let admin: UInt16
    /// Where the gateway listens for CoA and Disconnect.
    let authorization: UInt16

    /// The product's own defaults, for a network namespace that nobody else uses.
    static let standard = Ports(
        authentication: 1812, accounting: 1813, portal: 8080, portalTLS: 8443, admin: 9180, authorization: 3799)

    /// Ports that are free on this machine at the moment, below those the kernel gives to clients.
    static func free() throws -> Ports {
        var found: [UInt16] = []
        for _ in 0..<1000 where found.count < 6 {
            let port = UInt16.random(in: 20_000..<32_000)
            if !found.contains(port), isFree(port, SOCK_DGRAM), isFree(port, SOCK_STREAM) { found.append(port) }
        }
        guard found.count == 6 else { throw Command.Failure(description: "no six free ports") }
        return Ports(
            authentication: found[0], accounting: found[1], portal: found[2], portalTLS: found[3], admin: found[4],
            authorization: found[5])
    }

    private static func isFree(_ port: UInt16, _ kind: __socket_type) -> Bool {
        let descriptor = socket(AF_INET, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
