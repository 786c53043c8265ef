import CLinux
import Glibc

/// The one ancillary datum we use: which of our addresses a datagram was sent to (IP_PKTINFO, IPV6_PKTINFO), so that a
/// socket bound to a wildcard answers from that address. Gateways drop replies from any other.
///
/// The layout is Linux's: an 16-byte header (length, level, type) and the structure, padded to 8 bytes.
enum ControlMessage {
    /// Room for either structure with its header.
    static let capacity = 40
    private static let header = 16
    private static let ipPacketInfo: Int32 = 8  // IP_PKTINFO, which Glibc's module hides

    /// Asks the kernel for the destination address of each datagram of a socket.
    static func enable(on descriptor: Int32, isIPv4: Bool) -> Bool {
        var on: Int32 = 1
        let (level, name) = isIPv4 ? (Int32(IPPROTO_IP), ipPacketInfo) : (Int32(IPPROTO_IPV6), Int32(IPV6_RECVPKTINFO))
        return setsockopt(descriptor, level, name, &on, socklen_t(MemoryLayout<Int32>.size)) == 0
    }

    /// Reads our address out of what the kernel delivered with a datagram.
    static func read(_ memory: UnsafeRawPointer, length: Int, into peer: inout PeerAddress) {
        guard length >= header else { return }
        let size = memory.loadUnaligned(as: Int.self)
        let level = memory.loadUnaligned(fromByteOffset: 8, as: Int32.self)
        if level == Int32(IPPROTO_IP), size >= header + 12, length >= header + 12 {
            let destination = memory.loadUnaligned(fromByteOffset: header + 4, as: UInt32.self)
            peer.localLow = PeerAddress.mappedPrefix | UInt64(UInt32(bigEndian: destination))
        } else if level == Int32(IPPROTO_IPV6), size >= header + 20, length >= header + 20 {
            peer.localHigh = UInt64(bigEndian: memory.loadUnaligned(fromByteOffset: header, as: UInt64.self))
            peer.localLow = UInt64(bigEndian: memory.loadUnaligned(fromByteOffset: header + 8, as: UInt64.self))
        }
    }

    /// Writes the control message that makes a reply leave from our address in `peer`; 0 if it is not known.
    static func write(_ peer: PeerAddress, to memory: UnsafeMutableRawPointer) -> Int {
        guard peer.localHigh | peer.localLow != 0 else { return 0 }
        let size = header + (peer.isIPv4 ? 12 : 20)
        memory.storeBytes(of: size, as: Int.self)
        memory.storeBytes(of: Int32(peer.isIPv4 ? IPPROTO_IP : IPPROTO_IPV6), toByteOffset: 8, as: Int32.self)
        memory.storeBytes(of: peer.isIPv4 ? ipPacketInfo : Int32(IPV6_PKTINFO), toByteOffset: 12, as: Int32.self)
        if peer.isIPv4 {
            memory.storeBytes(of: 0, toByteOffset: header, as: UInt32.self)
            let address = UInt32(truncatingIfNeeded: peer.localLow).bigEndian
            memory.storeBytes(of: address, toByteOffset: header + 4, as: UInt32.self)
            memory.storeBytes(of: 0, toByteOffset: header + 8, as: UInt32.self)
            return 32
        }
        memory.storeBytes(of: peer.localHigh.bigEndian, toByteOffset: header, as: UInt64.self)
        memory.storeBytes(of: peer.localLow.bigEndian, toByteOffset: header + 8, as: UInt64.self)
        memory.storeBytes(of: peer.scope, toByteOffset: header + 16, as: UInt32.self)
        return 40
    }
}
