import CLinux
import Glibc

/// Where a datagram came from, and to which of our addresses: all that is needed to answer it, in 48 bytes and without
/// a reference, so that a deferred request can carry it.
///
/// IPv4 addresses are held as IPv4-mapped IPv6 addresses (`::ffff:a.b.c.d`); `isIPv4` tells the two apart.
struct PeerAddress: Hashable, Sendable, BitwiseCopyable {
    /// The peer's 128 bits, network order read as big-endian integers.
    var high: UInt64 = 0
    var low: UInt64 = 0
    /// Our own address the datagram was sent to (a wildcard socket must answer from it); both 0: unknown.
    var localHigh: UInt64 = 0
    var localLow: UInt64 = 0
    /// Zone of a link-local IPv6 address.
    var scope: UInt32 = 0
    /// UDP port in host order.
    var port: UInt16 = 0
    var isIPv4 = false

    init() {}

    static let mappedPrefix: UInt64 = 0xffff_0000_0000

    /// The peer's address in its shortest text form, without the port.
    var text: String {
        isIPv4 ? Self.dotted(UInt32(truncatingIfNeeded: low)) : Self.ipv6Text(high: high, low: low)
    }

    static func dotted(_ value: UInt32) -> String {
        "\(value >> 24).\(value >> 16 & 255).\(value >> 8 & 255).\(value & 255)"
    }

    static func ipv6Text(high: UInt64, low: UInt64) -> String {
        var address = in6_addr()
        withUnsafeMutableBytes(of: &address) {
            $0.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
            $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &address, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Reads a kernel-filled socket address; nil for a family we do not serve.
    init?(socketAddress: UnsafeRawPointer) {
        switch Int32(socketAddress.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET:
            let address = socketAddress.loadUnaligned(as: sockaddr_in.self)
            low = Self.mappedPrefix | UInt64(UInt32(bigEndian: address.sin_addr.s_addr))
            port = UInt16(bigEndian: address.sin_port)
            isIPv4 = true
        case AF_INET6:
            high = UInt64(bigEndian: socketAddress.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            low = UInt64(bigEndian: socketAddress.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            port = UInt16(bigEndian: socketAddress.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
            scope = socketAddress.loadUnaligned(fromByteOffset: 24, as: UInt32.self)
        default:
            return nil
        }
    }

    /// Parses a numeric address; nil if the text is none.
    init?(text: String, port: UInt16) {
        self.port = port
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            low = Self.mappedPrefix | UInt64(UInt32(bigEndian: v4.s_addr))
            isIPv4 = true
            return
        }
        let parts = text.split(separator: "%", maxSplits: 1)
        guard let bare = parts.first else { return nil }
        if parts.count == 2 { scope = if_nametoindex(String(parts[1])) }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, String(bare), &v6) == 1 else { return nil }
        withUnsafeBytes(of: &v6) {
            high = UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
            low = UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
    }

    /// Writes the socket address that `sendmsg` wants; returns its length. `memory` holds at least 28 bytes.
    func write(to memory: UnsafeMutableRawPointer) -> socklen_t {
        if isIPv4 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(truncatingIfNeeded: low).bigEndian
            memory.storeBytes(of: address, as: sockaddr_in.self)
            return socklen_t(MemoryLayout<sockaddr_in>.size)
        }
        memory.storeBytes(of: sa_family_t(AF_INET6), as: sa_family_t.self)
        memory.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
        memory.storeBytes(of: 0, toByteOffset: 4, as: UInt32.self)
        memory.storeBytes(of: high.bigEndian, toByteOffset: 8, as: UInt64.self)
        memory.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt64.self)
        memory.storeBytes(of: scope, toByteOffset: 24, as: UInt32.self)
        return socklen_t(MemoryLayout<sockaddr_in6>.size)
    }
}
