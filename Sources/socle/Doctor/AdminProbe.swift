import CLinux
import Foundation
import Glibc

/// Asks the admin port of a running `serve` how it is.
struct AdminProbe {
    struct Health: Decodable, Equatable {
        struct Component: Decodable, Equatable {
            let state, detail: String
        }
        let status: String
        let components: [String: Component]
    }

    /// Longest answer that is read, in octets.
    static let longestAnswer = 1 << 20
    /// For connecting and for each part of the answer.
    static let patienceMilliseconds: Int32 = 3_000

    let listen: ListenAddress

    /// Nil: nobody answers there, or not as we do. The question blocks, so it has a thread of its own.
    func health() async -> Health? {
        let host = ["0.0.0.0", "::"].contains(listen.host) ? "127.0.0.1" : listen.host
        let port = listen.port
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                let answer = AdminProbe.get("/health", host, port)
                continuation.resume(returning: answer.flatMap { try? JSONDecoder().decode(Health.self, from: $0) })
            }
        }
    }

    /// The body of an HTTP/1.0 answer, of whatever status.
    private static func get(_ path: String, _ host: String, _ port: Int) -> Data? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else { return nil }
        defer { freeaddrinfo(address) }
        let kind = hints.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.pointee.ai_family, kind, 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let refused = connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) != 0
        guard !refused || errno == EINPROGRESS, isReady(descriptor, POLLOUT) else { return nil }
        let question = Array("GET \(path) HTTP/1.0\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
        let sent = question.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent == question.count else { return nil }
        return body(of: descriptor)
    }

    private static func isReady(_ descriptor: Int32, _ events: Int32) -> Bool {
        var waiting = [pollfd(fd: descriptor, events: Int16(events), revents: 0)]
        return poll(&waiting, 1, patienceMilliseconds) > 0
    }

    private static func body(of descriptor: Int32) -> Data? {
        var answer = Data()
        var part = [UInt8](repeating: 0, count: 4_096)
        while answer.count < longestAnswer, isReady(descriptor, POLLIN) {
            let count = part.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { break }
            answer.append(contentsOf: part[..<count])
        }
        guard let head = answer.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        return answer[head.upperBound...]
    }
}
