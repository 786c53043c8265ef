import Testing

@testable import PortalService

@Suite struct WebAddressTests {
    @Test func `takes http and https apart`() throws {
        let address = try #require(WebAddress("http://exemple.fr:8080/a?b=c"))
        #expect(address.host == "exemple.fr" && address.port == 8080 && address.target == "/a?b=c" && !address.isSecure)
        #expect(WebAddress("HTTPS://exemple.fr")?.text == "https://exemple.fr/")
        #expect(WebAddress("http://[2001:db8::1]:81/")?.host == "2001:db8::1")
        #expect(WebAddress("http://exemple.fr?x")?.target == "/?x")
    }

    @Test(arguments: [
        "javascript:alert(1)", "//evil.example/", "ftp://x/", "http:///x", "http://", "http://a@evil.example/",
        "http://good.example\\@evil.example/", "http://exemple.fr/ x", "http://exemple.fr/\n", "http://exe mple/",
        "http://[::1/", "http://exemple.fr:0/", "http://exemple.fr:65536/", "http://exemple.fr:8a/", "http://-x/",
        "http://exemple.fr\"/", "data:text/html,x", "http://éxemple.fr/",
    ])
    func `what a browser may read otherwise than we do is no address`(text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test func `takes 2048 octets and refuses 2049`() {
        let full = "http://e.fr/" + String(repeating: "a", count: WebAddress.maximumOctets - 12)
        #expect(WebAddress(full) != nil && WebAddress(full + "a") == nil)
    }

    @Test(arguments: [
        ("10.1.2.3", true), ("172.16.0.1", true), ("172.32.0.1", false), ("192.168.1.1", true), ("100.64.0.1", true),
        ("169.254.1.1", true), ("8.8.8.8", false), ("127.0.0.1", false), ("fd00::1", true), ("fe80::1", true),
        ("2001:db8::1", false), ("portail.example", false), ("10.1.2.3.evil.example", false), ("10.1.2", false),
    ])
    func `a gateway nobody vouches for must be on the visitor's own network`(host: String, isAllowed: Bool) {
        #expect(GatewayHost.isAllowed(host, signed: false, known: []) == isAllowed)
    }

    @Test func `a signed or listed gateway may be elsewhere, never on the visitor's own machine`() {
        #expect(GatewayHost.isAllowed("198.51.100.7", signed: true, known: []))
        #expect(GatewayHost.isAllowed("198.51.100.7", signed: false, known: ["198.51.100.7"]))
        #expect(GatewayHost.isAllowed("Login.Example", signed: false, known: ["login.example"]))
        #expect(!GatewayHost.isAllowed("127.0.0.1", signed: true, known: []))
        #expect(!GatewayHost.isAllowed("::1", signed: true, known: []) || GatewayHost.address("::1") == nil)
        #expect(!GatewayHost.isAllowed("0.0.0.0", signed: true, known: []))
        #expect(!GatewayHost.isAllowed("evil.example", signed: true, known: []))
    }
}
