import CLinux
import Glibc
import RADIUS

/// One connected UDP socket and the 256 identifiers that RADIUS allows on it.
///
/// Not Sendable: one thread owns it. Every slot keeps the octets it sent, so that a retransmission is the same to the bit.
final class LoadSocket {
    static let slots = 256
    static let replyBytes = 4_096
    static let vector = 64

    struct Slot {
        var length = 0
        var session = -1
        var tries = 0
        /// Nanoseconds of the monotonic clock; `due` is when the request should have left, whatever held it up.
        var dueAt: UInt64 = 0
        var retransmitAt: UInt64 = 0
        var sent = SentRequest(code: .accessRequest, identifier: 0, authenticator: .zero)
    }

    let descriptor: Int32
    /// Octets of the longest request; a short stride keeps the driver out of the caches of what it measures.
    private let requestBytes: Int
    var slot = [Slot](repeating: Slot(), count: slots)
    private var free: [UInt8] = (0...255).reversed()
    private let requests: UnsafeMutableRawBufferPointer
    private let replies: UnsafeMutableRawBufferPointer
    private let outgoing: UnsafeMutablePointer<socle_mmsghdr>
    private let incoming: UnsafeMutablePointer<socle_mmsghdr>
    private let vectors: UnsafeMutablePointer<iovec>
    private var pending = 0

    /// `source` nil: from whatever address the kernel takes.
    init(host: String, port: UInt16, source: UInt32? = nil, requestBytes: Int = 512) throws {
        descriptor = try Self.connect(host, port, from: source)
        self.requestBytes = requestBytes
        requests = .allocate(byteCount: Self.slots * requestBytes, alignment: 16)
        replies = .allocate(byteCount: Self.vector * Self.replyBytes, alignment: 16)
        outgoing = .allocate(capacity: Self.vector)
        incoming = .allocate(capacity: Self.vector)
        vectors = .allocate(capacity: 2 * Self.vector)
        for index in 0..<Self.vector {
            (vectors + index).initialize(to: iovec())
            (vectors + Self.vector + index).initialize(
                to: iovec(
                    iov_base: replies.baseAddress?.advanced(by: index * Self.replyBytes), iov_len: Self.replyBytes))
            (outgoing + index).initialize(to: Self.header(vectors + index))
            (incoming + index).initialize(to: Self.header(vectors + Self.vector + index))
        }
    }

    deinit {
        close(descriptor)
        requests.deallocate()
        replies.deallocate()
        outgoing.deallocate()
        incoming.deallocate()
        vectors.deallocate()
    }

    var outstanding: Int { Self.slots - free.count }

    /// Takes an identifier, or nil when all are outstanding.
    func take() -> UInt8? { free.popLast() }

    func release(_ identifier: UInt8) {
        slot[Int(identifier)].length = 0
        free.append(identifier)
    }

    func buffer(_ identifier: UInt8) -> UnsafeMutableRawBufferPointer {
        let start = Int(identifier) * requestBytes
        return UnsafeMutableRawBufferPointer(rebasing: requests[start..<start + requestBytes])
    }

    /// Queues what the slot holds; `flush` sends it.
    func queue(_ identifier: UInt8) {
        if pending == Self.vector { flush() }
        vectors[pending] = iovec(iov_base: buffer(identifier).baseAddress, iov_len: slot[Int(identifier)].length)
        pending += 1
    }

    /// Sends what is queued. What the kernel refuses counts as lost on the way: it will be sent again.
    func flush() {
        var done = 0
        while done < pending {
            let count = sendmmsg(descriptor, outgoing + done, UInt32(pending - done), 0)
            if count > 0 { done += Int(count) } else { done += 1 }
        }
        pending = 0
    }

    /// Reads what has arrived, at most one vector, and hands over each datagram. Returns how many.
    func receive(_ body: (UnsafeRawBufferPointer) -> Void) -> Int {
        let count = Int(recvmmsg(descriptor, incoming, UInt32(Self.vector), Int32(MSG_DONTWAIT), nil))
        guard count > 0 else { return 0 }
        for index in 0..<count {
            let start = index * Self.replyBytes
            let length = min(Int(incoming[index].msg_len), Self.replyBytes)
            body(UnsafeRawBufferPointer(rebasing: replies[start..<start + length]))
        }
        return count
    }

    private static func header(_ vector: UnsafeMutablePointer<iovec>) -> socle_mmsghdr {
        var header = socle_mmsghdr()
        header.msg_hdr.msg_iov = vector
        header.msg_hdr.msg_iovlen = 1
        return header
    }

    private static func connect(_ host: String, _ port: UInt16, from source: UInt32?) throws -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw LoadFault("\(host) is not an IPv4 or IPv6 address")
        }
        defer { freeaddrinfo(address) }
        let descriptor = socket(address.pointee.ai_family, hints.ai_socktype, 0)
        guard descriptor >= 0, bind(descriptor, to: source),
            Glibc.connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0
        else {
            throw LoadFault("cannot open a socket to \(host) port \(port)")
        }
        var size: Int32 = 4 << 20
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout.size(ofValue: size)))
        return descriptor
    }

    private static func bind(_ descriptor: Int32, to source: UInt32?) -> Bool {
        guard let source else { return true }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = source.bigEndian
        return withUnsafeBytes(of: &address) { octets in
            Glibc.bind(
                descriptor, octets.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(octets.count)) == 0
        }
    }
}
