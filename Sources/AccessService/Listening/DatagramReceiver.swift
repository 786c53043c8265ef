import CLinux
import Glibc

/// The receiving half of a packet thread: a vector of preallocated buffers that one `recvmmsg` fills.
///
/// Not Sendable: it belongs to one thread. The memory lives as long as the object, and every pointer handed out is into
/// it and valid until the next `receive`.
final class DatagramReceiver {
    /// Datagrams per system call.
    static let vector = 64
    /// RFC 2865 §3: 4096 bytes at most; one more shows that a datagram is longer.
    static let bufferBytes = 4097
    private static let stride = 4104  // keeps every buffer 8-byte aligned
    private static let nameBytes = 32
    private static let controlBytes = 64

    private let buffers: UnsafeMutableRawPointer
    private let names: UnsafeMutableRawPointer
    private let controls: UnsafeMutableRawPointer
    private let vectors: UnsafeMutablePointer<iovec>
    private let headers: UnsafeMutablePointer<socle_mmsghdr>

    init() {
        let count = Self.vector
        buffers = .allocate(byteCount: count * Self.stride, alignment: 64)
        names = .allocate(byteCount: count * Self.nameBytes, alignment: 8)
        controls = .allocate(byteCount: count * Self.controlBytes, alignment: 8)
        vectors = .allocate(capacity: count)
        headers = .allocate(capacity: count)
        buffers.initializeMemory(as: UInt8.self, repeating: 0, count: count * Self.stride)
        for index in 0..<count {
            (vectors + index).initialize(
                to: iovec(iov_base: buffers + index * Self.stride, iov_len: Self.bufferBytes))
            var header = socle_mmsghdr()
            header.msg_hdr.msg_name = names + index * Self.nameBytes
            header.msg_hdr.msg_iov = vectors + index
            header.msg_hdr.msg_iovlen = 1
            (headers + index).initialize(to: header)
        }
    }

    deinit {
        buffers.deallocate()
        names.deallocate()
        controls.deallocate()
        vectors.deallocate()
        headers.deallocate()
    }

    /// Takes what waits at a socket, without waiting; 0 if nothing does.
    func receive(from descriptor: Int32) -> Int {
        for index in 0..<Self.vector {
            headers[index].msg_hdr.msg_namelen = socklen_t(Self.nameBytes)
            headers[index].msg_hdr.msg_control = controls + index * Self.controlBytes
            headers[index].msg_hdr.msg_controllen = Self.controlBytes
        }
        let count = recvmmsg(descriptor, headers, UInt32(Self.vector), Int32(MSG_DONTWAIT), nil)
        return max(0, Int(count))
    }

    /// The bytes of datagram `index`, in place; at most `bufferBytes`.
    func bytes(_ index: Int) -> UnsafeMutableRawBufferPointer {
        let length = min(Int(headers[index].msg_len), Self.bufferBytes)
        return UnsafeMutableRawBufferPointer(start: buffers + index * Self.stride, count: length)
    }

    /// Who sent datagram `index`; nil for an address family we do not serve.
    func peer(_ index: Int) -> PeerAddress? {
        guard var peer = PeerAddress(socketAddress: names + index * Self.nameBytes) else { return nil }
        let length = headers[index].msg_hdr.msg_controllen
        if length > 0 { ControlMessage.read(controls + index * Self.controlBytes, length: length, into: &peer) }
        return peer
    }
}
