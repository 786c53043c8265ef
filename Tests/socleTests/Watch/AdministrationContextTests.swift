import Testing

@testable import socle

@Suite struct AdministrationContextTests {
    @Test(arguments: ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "::FFFF:127.0.0.1"])
    func `this machine may see decisions`(address: String) {
        #expect(AdministrationContext.isLoopback(address))
    }

    @Test(arguments: ["10.0.0.1", "1127.0.0.1", "::", "::2", "::ffff:10.0.0.1", "fe80::1", ""])
    func `no other may`(address: String) {
        #expect(!AdministrationContext.isLoopback(address))
    }
}
