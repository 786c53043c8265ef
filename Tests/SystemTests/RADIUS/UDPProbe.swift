import Foundation

/// A UDP socket at an address of this machine, connected to a port of 127.0.0.1: sends any octets and counts what comes
/// back.
final class UDPProbe: Sendable {
    private let descriptor: Int32

    init(from source: String = "127.0.0.1", to port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let ends = [(source, UInt16(0), Glibc.bind), ("127.0.0.1", port, Glibc.connect)]
        for (text, port, call) in ends {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            inet_pton(AF_INET, text, &address.sin_addr)
            let status = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard status == 0 else { throw Command.Failure(description: "\(text):\(port): errno \(errno)") }
        }
    }

    deinit { close(descriptor) }

    func transmit(_ octets: [UInt8]) { _ = octets.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) } }

    /// The identifiers of the replies that have come, after waiting so many milliseconds for the first.
    func replies(_ wait: Int32) -> [UInt8] { datagrams(wait).compactMap { $0.count > 1 ? $0[1] : nil } }

    /// The replies that have come, after waiting so many milliseconds for the first.
    func datagrams(_ wait: Int32) -> [[UInt8]] {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, wait) > 0 else { return [] }
        var datagrams: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return datagrams }
            datagrams.append(Array(buffer[..<count]))
        }
    }
}
