import CLinux
import Glibc

/// The sending half of a packet thread: replies are written in place into a vector that one `sendmmsg` empties.
///
/// Not Sendable: it belongs to one thread. A reply that the kernel refuses (no buffer space, unreachable) is dropped and
/// counted: the NAS sends again and gets the cached reply.
final class DatagramSender {
    static let vector = 64
    /// RFC 2865 §3.
    static let bufferBytes = 4096
    private static let nameBytes = 32
    private static let controlBytes = 64

    private let buffers: UnsafeMutableRawPointer
    private let names: UnsafeMutableRawPointer
    private let controls: UnsafeMutableRawPointer
    private let vectors: UnsafeMutablePointer<iovec>
    private let headers: UnsafeMutablePointer<socle_mmsghdr>
    private var pending = 0
    private var descriptor: Int32 = -1
    /// Replies the kernel did not take, ever.
    private(set) var refused: UInt64 = 0

    init() {
        let count = Self.vector
        buffers = .allocate(byteCount: count * Self.bufferBytes, alignment: 64)
        names = .allocate(byteCount: count * Self.nameBytes, alignment: 8)
        controls = .allocate(byteCount: count * Self.controlBytes, alignment: 8)
        vectors = .allocate(capacity: count)
        headers = .allocate(capacity: count)
        buffers.initializeMemory(as: UInt8.self, repeating: 0, count: count * Self.bufferBytes)
        controls.initializeMemory(as: UInt8.self, repeating: 0, count: count * Self.controlBytes)
        for index in 0..<count {
            (vectors + index).initialize(to: iovec(iov_base: buffers + index * Self.bufferBytes, iov_len: 0))
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

    /// Where to write the next reply that leaves through `descriptor`. Not sent until `commit` and `flush`.
    func buffer(for descriptor: Int32) -> UnsafeMutableRawBufferPointer {
        if pending == Self.vector || (descriptor != self.descriptor && pending > 0) { flush() }
        self.descriptor = descriptor
        return UnsafeMutableRawBufferPointer(
            start: buffers + pending * Self.bufferBytes, count: Self.bufferBytes)
    }

    /// Queues what was written into the buffer last asked for.
    func commit(_ length: Int, to peer: PeerAddress) {
        let index = pending
        vectors[index].iov_len = min(length, Self.bufferBytes)
        headers[index].msg_hdr.msg_namelen = peer.write(to: names + index * Self.nameBytes)
        let control = controls + index * Self.controlBytes
        let controlLength = ControlMessage.write(peer, to: control)
        headers[index].msg_hdr.msg_control = controlLength > 0 ? control : nil
        headers[index].msg_hdr.msg_controllen = controlLength
        pending += 1
    }

    /// Hands everything queued to the kernel.
    func flush() {
        var sent = 0
        while sent < pending {
            let count = sendmmsg(
                descriptor, headers + sent, UInt32(pending - sent), Int32(MSG_DONTWAIT))
            if count > 0 {
                sent += Int(count)
            } else if errno != EINTR {
                refused &+= 1
                sent += 1
            }
        }
        pending = 0
    }
}
