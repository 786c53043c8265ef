import CLinux
import Glibc

/// What is served on a port.
enum Endpoint: UInt8, Sendable, CaseIterable {
    case authentication, accounting
}

/// One bound, non-blocking UDP socket of one packet thread. Those of one daemon share an address through SO_REUSEPORT: the
/// kernel hashes the sender's address and port, so a NAS's retransmission reaches the thread that saw the original.
///
/// The first of them is bound without SO_REUSEPORT. With it a second daemon of the same user, started by mistake, would
/// share the port without a word and take half of the NAS; and port 0 may be one that another daemon has.
final class UDPSocket: Sendable {
    /// Asked of the kernel for receiving; a burst of 64-byte bookkeeping and 4 KiB packets fits without loss.
    static let receiveBufferBytes: Int32 = 8 << 20

    let descriptor: Int32
    let endpoint: Endpoint
    /// The address as bound; its port is the kernel's choice if 0 was asked for.
    let bound: PeerAddress

    /// Binds an address that nobody has or, with `sibling`, the address of that socket of this daemon.
    /// Throws when it is taken, or not an address of this machine.
    init(binding address: PeerAddress, endpoint: Endpoint, beside sibling: UDPSocket? = nil) throws(AccessError) {
        let family = address.isIPv4 ? AF_INET : AF_INET6
        let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { throw Self.fault("socket", address) }
        do {
            try Self.prepare(descriptor, address)
            if sibling != nil { try Self.share(descriptor, address) }
            self.bound = try Self.bind(descriptor, sibling?.bound ?? address)
            if sibling == nil { try Self.share(descriptor, address) }
        } catch {
            close(descriptor)
            throw error
        }
        (self.descriptor, self.endpoint) = (descriptor, endpoint)
    }

    deinit { close(descriptor) }

    private static func prepare(_ descriptor: Int32, _ address: PeerAddress) throws(AccessError) {
        var on: Int32 = 1
        var size = receiveBufferBytes
        let int = socklen_t(MemoryLayout<Int32>.size)
        // Forcing passes the system's limit when we may (CAP_NET_ADMIN); otherwise the limit is what we get.
        if setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, int) != 0 {
            _ = setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, int)
        }
        if !address.isIPv4, setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, int) != 0 {
            throw fault("IPV6_V6ONLY", address)
        }
        let isWildcard = address.isIPv4 ? UInt32(truncatingIfNeeded: address.low) == 0 : address.high | address.low == 0
        if isWildcard, !ControlMessage.enable(on: descriptor, isIPv4: address.isIPv4) {
            throw fault("IP_PKTINFO", address)
        }
    }

    /// Lets sockets of the same user bind the same address from now on, if they ask for it.
    private static func share(_ descriptor: Int32, _ address: PeerAddress) throws(AccessError) {
        var on: Int32 = 1
        guard setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &on, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw fault("SO_REUSEPORT", address)
        }
    }

    private static func bind(_ descriptor: Int32, _ address: PeerAddress) throws(AccessError) -> PeerAddress {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 8)
        defer { memory.deallocate() }
        var length = address.write(to: memory)
        let socketAddress = memory.assumingMemoryBound(to: sockaddr.self)
        guard Glibc.bind(descriptor, socketAddress, length) == 0 else { throw fault("bind", address) }
        length = 128
        guard getsockname(descriptor, socketAddress, &length) == 0,
            let bound = PeerAddress(socketAddress: memory)
        else { throw fault("getsockname", address) }
        return bound
    }

    private static func fault(_ call: String, _ address: PeerAddress) -> AccessError {
        AccessError(.socket, "\(call) \(address.text) port \(address.port): \(String(cString: strerror(errno)))")
    }
}
