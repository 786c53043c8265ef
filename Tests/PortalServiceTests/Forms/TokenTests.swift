import Foundation
import Store
import Territory
import Testing

@testable import PortalService

@Suite struct TokenTests {
    private let keys = InstallationKeys(.random())
    private let here: SiteID = 1
    private let there: SiteID = 2

    @Test func `base 64 reads both alphabets, padding or none, and spaces that were plus`() {
        #expect(Base64.decode("+/8=") == [0xfb, 0xff] && Base64.decode("-_8") == [0xfb, 0xff])
        #expect(Base64.decode(" /8=") == [0xfb, 0xff])
        #expect(Base64.decode("") == [] && Base64.decode("A") == nil && Base64.decode("AB") == nil)
        #expect(Base64.decode("AA===") == nil && Base64.decode("A*==") == nil)
        for length in 0..<40 {
            let octets = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            #expect(Base64.decode(Base64.encode(octets)) == octets && Base64.decode(Base64.encodeURL(octets)) == octets)
        }
    }

    @Test func `a form's token holds for its session, its site and an hour`() {
        let forms = FormTokens(keys: keys)
        let token = forms.make(site: here, session: "s", carried: "x", address: "10.0.0.1", now: 1_000)
        func valid(_ site: SiteID, _ session: String?, _ carried: String, _ address: String, _ now: Int64) -> Bool {
            forms.isValid(token, site: site, session: session, carried: carried, address: address, now: now)
        }
        #expect(valid(here, "s", "x", "10.0.0.1", 1_000))
        #expect(valid(here, "s", "other", "10.0.0.2", 4_600), "a browser with a cookie may have moved")
        #expect(!valid(here, "s", "x", "10.0.0.1", 4_601))
        #expect(!valid(here, "t", "x", "10.0.0.1", 1_000))
        #expect(!valid(there, "s", "x", "10.0.0.1", 1_000))
    }

    @Test func `without a cookie a token is bound to the gateway's parameters and the address`() {
        let forms = FormTokens(keys: keys)
        let token = forms.make(site: here, session: "s", carried: "x", address: "10.0.0.1", now: 1_000)
        func valid(_ site: SiteID, _ carried: String, _ address: String) -> Bool {
            forms.isValid(token, site: site, session: nil, carried: carried, address: address, now: 1_001)
        }
        #expect(valid(here, "x", "10.0.0.1"))
        #expect(!valid(here, "y", "10.0.0.1") && !valid(here, "x", "10.0.0.2") && !valid(there, "x", "10.0.0.1"))
    }

    @Test func `a token of another installation, cut short or empty is none`() {
        let forms = FormTokens(keys: keys)
        let token = FormTokens(keys: InstallationKeys(.random()))
            .make(site: here, session: "s", carried: "", address: "", now: 1_000)
        for text in [token, String(token.dropLast()), "", "é", String(repeating: "A", count: 10_000)] {
            #expect(!forms.isValid(text, site: here, session: "s", carried: "", address: "", now: 1_000))
        }
    }

    @Test func `gateway parameters come back as they went, for this site and purpose alone`() throws {
        let sealer = TokenSealer(keys: keys)
        let contexts = [
            GatewayContext.Handoff.macCoA, .uam(host: "10.1.0.1", port: 3990, challenge: [1, 2, 3]),
            .mikroTik(
                action: "http://10.5.50.1/login", origin: "http://10.5.50.1", chap: .init(identifier: 7, challenge: [9])
            ),
            .mikroTik(action: "http://10.5.50.1/login", origin: "http://10.5.50.1", chap: nil),
            .fas(
                .init(
                    returnedHash: "ab", gatewayAddress: "10.66.0.1:2050", authDirectory: "d", gatewayHash: [7],
                    isFetched: true)),
        ].map {
            GatewayContext(
                nas: 5, device: MACAddress("02:00:5e:00:53:01"), address: IPAddress("10.1.0.9"),
                original: WebAddress("http://example.fr/?a=b"), isAuthenticated: true, handoff: $0)
        }
        for context in contexts {
            let sealed = sealer.seal(context.fields, purpose: .gateway, site: here, now: 1_000)
            let fields = try #require(sealer.open(sealed, purpose: .gateway, site: here, now: 1_000 + 3_600))
            #expect(GatewayContext(fields) == context)
            #expect(sealer.open(sealed, purpose: .gateway, site: here, now: 1_000 + 3_601) == nil)
            #expect(sealer.open(sealed, purpose: .gateway, site: there, now: 1_000) == nil)
            #expect(sealer.open(sealed, purpose: .visit, site: here, now: 1_000) == nil)
            // One character in the middle: each of the last one's bits need not count.
            let place = sealed.index(sealed.startIndex, offsetBy: sealed.count / 2)
            let other = sealed[place] == "A" ? "B" : "A"
            let altered = sealed.replacingCharacters(in: place...place, with: other)
            #expect(sealer.open(altered, purpose: .gateway, site: here, now: 1_000) == nil)
        }
    }

    @Test func `a visit comes back as it went`() {
        let visit = Visit(
            grant: 1, nas: 2, device: nil, original: WebAddress("https://exemple.fr"), handedOverAt: 3, handoff: 4,
            exit: "http://10.66.0.1:2050/opennds_deny/")
        #expect(Visit(visit.fields) == visit)
        #expect(Visit(["1"]) == nil && Visit(visit.fields + ["more"]) == nil)
    }

    @Test func `a session cookie that is not ours is none`() {
        let ours = SessionCookie(identifier: String(repeating: "a", count: 32), language: .english)
        #expect(SessionCookie(ours.text) == ours)
        for text in ["", "a.fr", String(repeating: "g", count: 32) + ".fr", ours.text + ".fr"] {
            #expect(SessionCookie(text) == nil)
        }
    }
}
