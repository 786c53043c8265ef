import CLinux
import Glibc

/// A UDP socket that talks to one address: the kernel drops what others send to it, and says when nobody listens there.
final class ConnectedSocket {
    let descriptor: Int32

    /// Asked of the kernel: the replies to all 256 requests of a socket fit.
    private static let receiveBufferBytes: Int32 = 1 << 20

    init(to address: PeerAddress) throws(AccessError) {
        let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.isIPv4 ? AF_INET : AF_INET6, type, 0)
        guard descriptor >= 0 else { throw Self.fault("socket", address) }
        var size = Self.receiveBufferBytes
        _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 8)
        defer { memory.deallocate() }
        let length = address.write(to: memory)
        guard connect(descriptor, memory.assumingMemoryBound(to: sockaddr.self), length) == 0 else {
            let fault = Self.fault("connect", address)
            close(descriptor)
            throw fault
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// What came of a call.
    enum Outcome: Hashable {
        /// Octets received or sent.
        case octets(Int)
        /// Nothing to receive, or no room to send.
        case nothing
        /// The host says that nobody listens (ICMP port unreachable).
        case refused
    }

    /// Receives one datagram without waiting.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
        outcome(recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT)))
    }

    /// Sends one datagram without waiting.
    func send(_ bytes: [UInt8]) -> Outcome {
        outcome(Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_DONTWAIT)))
    }

    private func outcome(_ result: Int) -> Outcome {
        if result >= 0 { return .octets(result) }
        return errno == ECONNREFUSED ? .refused : .nothing
    }

    private static func fault(_ call: String, _ address: PeerAddress) -> AccessError {
        AccessError(.socket, "\(call) \(address.text) port \(address.port): \(String(cString: strerror(errno)))")
    }
}
