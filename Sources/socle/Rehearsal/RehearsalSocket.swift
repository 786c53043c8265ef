import CLinux
import Foundation
import Glibc
import RADIUS

/// What came of one request.
enum RehearsalAnswer {
    /// The reply and its octets, how long it took, and how often the request was sent.
    case reply(Packet, octets: [UInt8], milliseconds: Double, tries: Int)
    /// Answers came, and each was signed with another secret or not at all.
    case unbelievable(RADIUSError)
    /// Nothing came.
    case silence
    /// The machine is there and says that nobody listens.
    case refused
}

/// Carries one request to a server and its reply back.
protocol RehearsalTransport {
    func exchange(_ request: SignedRequest) -> RehearsalAnswer
}

/// UDP. Bounds: ``tries`` times the same octets, each waited for as long as a patient gateway does.
final class RehearsalSocket: RehearsalTransport {
    static let tries = 3

    private let descriptor: Int32
    private let secret: SharedSecret
    private let patienceMilliseconds: Int32

    /// A socket connected to a numeric address.
    init(host: String, port: Int, secret: SharedSecret, patienceMilliseconds: Int32 = 2_000) throws(Failure) {
        (self.secret, self.patienceMilliseconds) = (secret, patienceMilliseconds)
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw Failure(.notFound, "the server \(host) has no address")
        }
        defer { freeaddrinfo(address) }
        descriptor = socket(address.pointee.ai_family, hints.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0, connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            throw Failure(.system, "cannot open a socket to \(host) port \(port)")
        }
    }

    deinit { close(descriptor) }

    func exchange(_ request: SignedRequest) -> RehearsalAnswer {
        var disbelief: RADIUSError?
        var isRefused = false
        let start = ContinuousClock.now
        for attempt in 1...Self.tries {
            isRefused = request.bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) } < 0
            let deadline = ContinuousClock.now + .milliseconds(Int(patienceMilliseconds))
            while let remaining = Self.milliseconds(until: deadline) {
                guard let octets = receive(remaining, &isRefused) else { break }
                do {
                    let reply = try secret.reply(in: octets, to: request.sent)
                    let took = (ContinuousClock.now - start) / .milliseconds(1)
                    return .reply(reply, octets: octets, milliseconds: took, tries: attempt)
                } catch  where error.code == .identifierMismatch {
                    continue  // a late answer to an earlier request
                } catch {
                    disbelief = error
                }
            }
            if isRefused { return .refused }
        }
        return disbelief.map { .unbelievable($0) } ?? .silence
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32? {
        let left = Int32((deadline - .now) / .milliseconds(1))
        return left > 0 ? left : nil
    }

    private func receive(_ milliseconds: Int32, _ isRefused: inout Bool) -> [UInt8]? {
        var waiting = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        guard poll(&waiting, 1, milliseconds) > 0 else { return nil }
        var octets = [UInt8](repeating: 0, count: PacketLimits.maximumLength)
        let count = octets.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count >= 0 else {
            isRefused = errno == ECONNREFUSED
            return nil
        }
        return Array(octets[..<count])
    }
}
