import CLinux
import Glibc
import Testing

@testable import AccessService

@Suite struct PeerAddressTests {
    @Test(arguments: ["127.0.0.1", "192.0.2.255", "::1", "2001:db8::1", "::"])
    func `reads and writes an address`(_ text: String) throws {
        let address = try #require(PeerAddress(text: text, port: 1812))
        #expect(address.text == text)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 32, alignment: 8)
        defer { memory.deallocate() }
        _ = address.write(to: memory)
        #expect(PeerAddress(socketAddress: memory) == address)
    }

    @Test(arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "::g", "127.0.0.1:1812"])
    func `refuses what is no address`(_ text: String) {
        #expect(PeerAddress(text: text, port: 1) == nil)
    }

    @Test(arguments: ["192.0.2.9", "2001:db8::9"])
    func `a reply leaves from the address that the request was sent to`(_ text: String) throws {
        let local = try #require(PeerAddress(text: text, port: 0))
        var peer = try #require(PeerAddress(text: local.isIPv4 ? "192.0.2.1" : "2001:db8::1", port: 5))
        (peer.localHigh, peer.localLow) = (local.high, local.low)
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 8)
        defer { memory.deallocate() }
        let length = ControlMessage.write(peer, to: memory)
        #expect(length == (local.isIPv4 ? 32 : 40))
        var read = try #require(PeerAddress(text: "::1", port: 1))
        ControlMessage.read(memory, length: length, into: &read)
        #expect(read.localHigh == local.high)
        #expect(read.localLow == local.low)
    }

    @Test func `without a known address of ours nothing is written`() throws {
        let peer = try #require(PeerAddress(text: "192.0.2.1", port: 5))
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 8)
        defer { memory.deallocate() }
        #expect(ControlMessage.write(peer, to: memory) == 0)
    }
}
