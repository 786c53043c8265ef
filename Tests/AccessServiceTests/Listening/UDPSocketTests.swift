import Testing

@testable import AccessService

@Suite struct UDPSocketTests {
    private func loopback(_ port: UInt16) throws -> PeerAddress {
        try #require(PeerAddress(text: "127.0.0.1", port: port))
    }

    @Test func `the sockets of one daemon share a port`() throws {
        let first = try UDPSocket(binding: loopback(0), endpoint: .accounting)
        let second = try UDPSocket(binding: loopback(0), endpoint: .accounting, beside: first)
        #expect(second.bound == first.bound && first.bound.port != 0)
    }

    @Test func `a port that another daemon of the same user has is refused`() throws {
        let other = try UDPSocket(binding: loopback(0), endpoint: .accounting)
        let othersSecond = try UDPSocket(binding: loopback(0), endpoint: .accounting, beside: other)
        #expect {
            _ = try UDPSocket(binding: loopback(othersSecond.bound.port), endpoint: .accounting)
        } throws: { error in
            (error as? AccessError)?.code == .socket && "\(error)".contains("in use")
        }
    }

    @Test func `the kernel never chooses a port for two daemons`() throws {
        // With SO_REUSEPORT set before bind it does, four times among so many.
        let sockets = try (0..<500).map { _ in try UDPSocket(binding: loopback(0), endpoint: .accounting) }
        #expect(Set(sockets.map(\.bound.port)).count == sockets.count)
    }
}
