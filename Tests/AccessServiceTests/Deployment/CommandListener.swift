import CLinux
import Foundation
import Glibc
import OpenSSL
import Testing

/// A NAS that listens for commands.
final class CommandListener: Sendable {
    let descriptor: Int32
    let port: UInt16

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let port = withUnsafeMutablePointer(to: &address) { pointer -> UInt16 in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, length)
                _ = getsockname(descriptor, $0, &length)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
        self.port = port
    }

    deinit { close(descriptor) }

    /// The next datagram and its sender.
    func receive() async -> (bytes: [UInt8], from: sockaddr_in)? {
        let descriptor = descriptor
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                guard poll(&polled, 1, 8_000) > 0 else { return continuation.resume(returning: nil) }
                var buffer = [UInt8](repeating: 0, count: 4096)
                var from = sockaddr_in()
                var length = socklen_t(MemoryLayout<sockaddr_in>.size)
                let count = withUnsafeMutablePointer(to: &from) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        recvfrom(descriptor, &buffer, buffer.count, 0, $0, &length)
                    }
                }
                continuation.resume(returning: count > 0 ? (Array(buffer[..<count]), from) : nil)
            }
        }
    }

    /// Answers a request with a code and attributes, signed as RFC 5176 §2.3 says.
    func answer(_ request: [UInt8], _ code: UInt8, _ attributes: [UInt8], to peer: sockaddr_in) {
        let length = 20 + attributes.count
        let head = [code, request[1], UInt8(length >> 8), UInt8(length & 255)]
        let digest = Digest.md5(head + request[4..<20] + attributes + Array(Ground.secret.utf8))
        let reply = head + digest + attributes
        var peer = peer
        _ = withUnsafePointer(to: &peer) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, reply, reply.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// Type and value of each attribute.
func attributes(of packet: [UInt8]) -> [(type: UInt8, value: [UInt8])] {
    var (result, offset): ([(UInt8, [UInt8])], Int) = ([], 20)
    while offset + 2 <= packet.count {
        let length = Int(packet[offset + 1])
        guard length >= 2, offset + length <= packet.count else { break }
        result.append((packet[offset], Array(packet[offset + 2..<offset + length])))
        offset += length
    }
    return result
}

func expectAuthentic(_ packet: [UInt8]) {
    let secret = Array(Ground.secret.utf8)
    let zeros = [UInt8](repeating: 0, count: 16)
    #expect(Array(packet[4..<20]) == Digest.md5(packet[..<4] + zeros + packet[20...] + secret), "RFC 5176 §2.3")
    #expect(packet[20] == 80 && packet[21] == 18, "Message-Authenticator comes first")
    var blank = packet
    blank.replaceSubrange(4..<20, with: zeros)
    blank.replaceSubrange(22..<38, with: zeros)
    #expect(Array(packet[22..<38]) == Digest.hmacMD5(key: secret, blank), "RFC 5176 §3.4")
}
