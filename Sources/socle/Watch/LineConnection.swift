import CLinux
import Foundation
import Glibc

/// One HTTP question to the admin port whose answer is lines without an end. It blocks: it has its thread to itself.
struct LineConnection {
    /// Longest silence, in milliseconds: the server says something every ten seconds.
    static let patienceMilliseconds: Int32 = 30_000
    /// Longest head of an answer, in octets.
    static let longestHead = 16_384

    let listen: ListenAddress

    /// Asks, and hands over each line until the server ends the answer. Throws ``Failure``.
    func read(_ path: String, _ body: (String) -> Void) throws {
        let host = ["0.0.0.0", "::"].contains(listen.host) ? "127.0.0.1" : listen.host
        let descriptor = try connection(to: host)
        defer { close(descriptor) }
        let question = Array("GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8)
        let sent = question.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard sent == question.count else { throw Self.silence(listen) }
        var rest = try head(of: descriptor)
        var lines = ChunkedLines()
        do {
            while true {
                for line in try lines.receive(rest) { body(line) }
                guard !lines.isEnded, let next = receive(from: descriptor) else { return }
                rest = next
            }
        } catch {
            throw Failure(.unavailable, "the admin port \(listen) answers something else than lines")
        }
    }

    private static func silence(_ listen: ListenAddress) -> Failure {
        Failure(.unavailable, "nobody answers on the admin port \(listen)", mend: "is socle serve running here?")
    }

    private func connection(to host: String) throws -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(listen.port), &hints, &found) == 0, let address = found else {
            throw Self.silence(listen)
        }
        defer { freeaddrinfo(address) }
        let kind = hints.ai_socktype | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.pointee.ai_family, kind, 0)
        guard descriptor >= 0 else { throw Self.silence(listen) }
        guard connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            close(descriptor)
            throw Self.silence(listen)
        }
        return descriptor
    }

    /// Reads the head; returns what came behind it.
    private func head(of descriptor: Int32) throws -> [UInt8] {
        var answer = Data()
        while answer.count < Self.longestHead, let part = receive(from: descriptor) {
            answer.append(contentsOf: part)
            guard let end = answer.range(of: Data("\r\n\r\n".utf8)) else { continue }
            let status = String(decoding: answer.prefix(12).suffix(3), as: UTF8.self)
            switch status {
            case "200": return Array(answer[end.upperBound...])
            case "403": throw Failure(.permission, "decisions are shown on the machine of the daemon alone")
            case "503":
                throw Failure(.unavailable, "no access daemon runs in that process, or as many watch it as may")
            default: throw Failure(.unavailable, "the admin port \(listen) answers with status \(status)")
            }
        }
        throw Self.silence(listen)
    }

    /// Nil: it ended, or was silent for too long.
    private func receive(from descriptor: Int32) -> [UInt8]? {
        var waiting = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        guard poll(&waiting, 1, Self.patienceMilliseconds) > 0 else { return nil }
        var part = [UInt8](repeating: 0, count: 16_384)
        let count = part.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        return count > 0 ? Array(part[..<count]) : nil
    }
}
